//! Our custom items in SmartHR, as the connection's record stores them.

use domain::{ConnectionEvent, CustomItemIds, CustomItems, TenantId, WorkspaceId};
use smarthr::{RequiredItems, Session, SmartHrError};
use storage::StoreError;
use tokio::time::Instant;

use crate::connections::Connections;
use crate::update::ApplyError;

/// Returns the stored ids of our items, if there are any. Without ids, items are found by name.
pub fn known_item_ids(items: Option<&CustomItems>) -> Option<&CustomItemIds> {
    if let Some(CustomItems::Unreadable(_)) = items {
        tracing::error!("the ids of our custom items cannot be read");
    }
    items.and_then(CustomItems::ids)
}

/// Deletes our group, with the items in it, from SmartHR.
///
/// # Errors
/// [`SmartHrError`] when SmartHR refuses or does not answer.
pub(crate) async fn delete_custom_items(
    session: &Session,
    items: &CustomItems,
    deadline: Instant,
) -> Result<(), SmartHrError> {
    if let Some(ids) = known_item_ids(Some(items)) {
        return session.delete_group(&ids.group_id, deadline).await;
    }
    // Finds the group by its name. A missing group is created and deleted at once.
    let ids = session
        .ensure_items(RequiredItems::NONE, None, deadline)
        .await?;
    session.delete_group(&ids.group_id, deadline).await
}

/// Logs that our items or our webhook were not deleted. Returns whether another attempt is pointless.
pub(crate) fn log_failed_deletion(error: &SmartHrError) -> bool {
    tracing::warn!(%error, "our items or our webhook in SmartHR were not deleted");
    !error.is_transient()
}

impl Connections {
    /// Stores the ids of items that were created again after somebody deleted them in SmartHR, unless
    /// another company than `tenant_id` is connected by now.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn record_custom_items(
        &self,
        workspace_id: &WorkspaceId,
        tenant_id: &TenantId,
        items: &CustomItemIds,
    ) -> Result<(), StoreError> {
        let connection = self.store.connection(workspace_id).await?;
        let event = ConnectionEvent::ItemsMade(tenant_id.clone(), items.clone());
        match self.apply(workspace_id, connection, &event).await {
            Ok(_) | Err(ApplyError::Transition(_)) => Ok(()),
            Err(ApplyError::Store(error)) => Err(error),
        }
    }
}
