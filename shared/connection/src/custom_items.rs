//! Our custom items in SmartHR, as the connection's record remembers them.

use domain::{ConnectionEvent, CustomItemIds, CustomItems, TenantId, WorkspaceId};
use smarthr::{RequiredItems, Session, SmartHrError};
use storage::StoreError;
use tokio::time::Instant;

use crate::connections::Connections;
use crate::update::ApplyError;

/// Returns the ids of our items, if they are known. Unknown items are found by name.
pub fn known_item_ids(items: Option<&CustomItems>) -> Option<&CustomItemIds> {
    if let Some(CustomItems::Unreadable(_)) = items {
        tracing::error!("the ids of our custom items cannot be read");
    }
    items.and_then(CustomItems::ids)
}

/// Deletes our group, with the items in it, from SmartHR.
///
/// # Errors
/// [`SmartHrError`].
pub(crate) async fn delete_custom_items(
    session: &Session,
    items: &CustomItems,
    deadline: Instant,
) -> Result<(), SmartHrError> {
    if let Some(ids) = known_item_ids(Some(items)) {
        return session.delete_group(&ids.group_id, deadline).await;
    }
    // Finds the group by its name. Should it not be there, it is made, and deleted at once.
    let ids = session
        .ensure_items(RequiredItems::NONE, None, deadline)
        .await?;
    session.delete_group(&ids.group_id, deadline).await
}

/// Returns whether trying again to delete our items is pointless after this error, and logs it.
pub(crate) fn is_deletion_over(error: &SmartHrError) -> bool {
    tracing::warn!(%error, "our items in SmartHR were not deleted");
    !error.is_transient()
}

impl Connections {
    /// Remembers items that had to be made again because somebody deleted them in SmartHR, unless
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
