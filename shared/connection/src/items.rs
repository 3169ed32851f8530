//! Our custom items in SmartHR, as the connection's record remembers them.

use std::sync::LazyLock;

use domain::Connection;
use domain::{Settings, TenantId, WorkspaceId};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use smarthr::{ItemIds, Session, SmartHrError, WantedItems};
use storage::StoreError;
use tokio::time::Instant;

use crate::connections::Connections;

/// What the record says. Before anything is made in SmartHR the record says so, so that a function
/// that dies in between leaves nothing there that no disconnect finds.
#[derive(Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
enum Remembered {
    /// Something may be there; its ids are not known.
    BeingMade,
    /// It is there.
    Made(ItemIds),
}

static BEING_MADE: LazyLock<Value> = LazyLock::new(|| value_of(&Remembered::BeingMade));

/// The ids of our items in the linked company's SmartHR, if there are any.
pub fn custom_item_ids(connection: &Connection) -> Option<ItemIds> {
    match serde_json::from_value(connection.items.clone()?) {
        Ok(Remembered::Made(ids)) => Some(ids),
        Ok(Remembered::BeingMade) => None,
        Err(error) => {
            // Found by name, they need not be known.
            tracing::error!(%error, "the ids of our items cannot be read");
            None
        }
    }
}

/// Which items the settings need; `None` when they need none.
pub(crate) fn wanted(settings: &Settings) -> Option<WantedItems> {
    let wanted = WantedItems {
        sync_target: settings.needs_sync_item(),
        login_method: settings.needs_login_item(),
    };
    (wanted.sync_target || wanted.login_method).then_some(wanted)
}

/// Notes in the record that something is about to be made.
pub(crate) fn note_being_made(connection: &mut Connection) {
    connection.items.get_or_insert_with(|| BEING_MADE.clone());
}

/// Notes in the record what was made.
pub(crate) fn note_made(connection: &mut Connection, items: &ItemIds) {
    connection.items = Some(value_of(&Remembered::Made(items.clone())));
}

fn value_of(remembered: &Remembered) -> Value {
    // Texts and options of texts can always be written.
    serde_json::to_value(remembered).unwrap_or_default()
}

/// Deletes our group from SmartHR, if `connection` says that there may be one.
///
/// # Errors
/// [`SmartHrError`].
pub(crate) async fn delete_from_smarthr(
    session: &Session,
    connection: &Connection,
    deadline: Instant,
) -> Result<(), SmartHrError> {
    if connection.items.is_none() {
        return Ok(());
    }
    let group_id = if let Some(items) = custom_item_ids(connection) {
        items.group_id
    } else {
        // Finds the group by its name. Should it not be there it is made, and deleted below.
        let none = WantedItems {
            sync_target: false,
            login_method: false,
        };
        session.ensure_items(none, None, deadline).await?.group_id
    };
    session.delete_group(&group_id, deadline).await
}

impl Connections {
    /// Remembers items that had to be made again because somebody deleted them in SmartHR, unless the link has
    /// gone to another company than `tenant` meanwhile.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn record_custom_items(
        &self,
        workspace_id: &WorkspaceId,
        tenant: &TenantId,
        items: &ItemIds,
    ) -> Result<(), StoreError> {
        self.update(workspace_id, |connection| {
            if connection.company.tenant_id == *tenant {
                note_made(connection, items);
            }
            Ok(())
        })
        .await
        .map(|_: Option<()>| ())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ids_of_the_items_come_back_as_they_were_kept() {
        let ids = ItemIds {
            group_id: "g".into(),
            sync_target: Some(smarthr::ItemId {
                template_id: "t".into(),
                choice_ids: ["a".into(), "b".into()],
            }),
            login_method: None,
        };
        let kept = value_of(&Remembered::Made(ids.clone()));
        let Ok(Remembered::Made(read)) = serde_json::from_value(kept) else {
            panic!("these are ids");
        };
        assert_eq!(read, ids);
    }
}
