//! Deletion of the tokens of companies that are neither connected nor pending any more.

use domain::{Connection, ConnectionEvent, WorkspaceId};
use storage::StoreError;
use tokio::time::Instant;

use crate::connections::Connections;
use crate::update::ApplyError;

impl Connections {
    /// Deletes the tokens of the companies that `connection` left. While the record names one, the
    /// deletion is repeated, at the latest by the nightly run. If another function has the token lock,
    /// the deletion is left to that function.
    ///
    /// # Errors
    /// [`StoreError`] when AWS does not answer.
    pub async fn delete_tokens_of_left_companies(
        &self,
        workspace_id: &WorkspaceId,
        connection: &Connection,
        deadline: Instant,
    ) -> Result<(), StoreError> {
        if connection.left_companies.is_empty() {
            return Ok(());
        }
        let deleted = self
            .with_token_lock(workspace_id, deadline, |_| {
                self.delete_tokens_with_lock(workspace_id)
            })
            .await;
        match deleted {
            Ok(_) | Err(ApplyError::Transition(_)) => Ok(()),
            Err(ApplyError::Store(error)) => Err(error),
        }
    }

    /// Reads the record again: before the lock was acquired, an admin may have connected such a company
    /// again, whose tokens are needed then.
    async fn delete_tokens_with_lock(&self, workspace_id: &WorkspaceId) -> Result<(), ApplyError> {
        let Some(connection) = self.store.connection(workspace_id).await? else {
            return Ok(());
        };
        let left = connection.left_companies.clone();
        for company in &left {
            self.secrets.delete_tokens(workspace_id, company).await?;
        }
        let event = ConnectionEvent::TokensDeleted(left);
        self.apply(workspace_id, Some(connection), &event).await?;
        Ok(())
    }
}
