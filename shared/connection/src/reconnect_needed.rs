//! 「再連携が必要です」: SmartHR refuses our tokens.

use domain::{ConnectionEvent, TenantId, WorkspaceId};
use storage::StoreError;

use crate::connections::Connections;
use crate::update::ApplyError;

impl Connections {
    /// Sets the connection to 「再連携が必要です」 and queues one mail to the admins, however many functions
    /// detect the refusal. Changes nothing when `refused` is no longer the connected company.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn mark_reconnect_needed(
        &self,
        workspace_id: &WorkspaceId,
        refused: &TenantId,
    ) -> Result<(), StoreError> {
        let connection = self.store.connection(workspace_id).await?;
        let event = ConnectionEvent::TokenRefused {
            company: refused.clone(),
            at: (self.clock)(),
        };
        match self.apply(workspace_id, connection, &event).await {
            Ok(_) | Err(ApplyError::Transition(_)) => Ok(()),
            Err(ApplyError::Store(error)) => Err(error),
        }
    }
}
