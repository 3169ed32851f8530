//! Takes the users of one workspace from restored tables, and leaves all other customers alone.
//!
//! Users, the items of admins, deleted users, second factors and reservations become those of the copy, and the seats
//! count them. The rest stays as it is now: the connection, because tokens are not in the tables; the history and the
//! audit trail, because what they say happened; mails, because those of then were sent.

use std::collections::HashMap;

use domain::WorkspaceId;
use serde::Serialize;

use crate::error::StoreError;
use crate::seats_and_lease::seats_and_lease_key;
use crate::store::{Item, Store, number, string};
use crate::workspace_items::{IDENTIFIERS, TableItems, USERS};

/// How the items of the copy differ from those of now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// Items that are gone now, and come back.
    pub coming_back: usize,
    /// Items that become what they were.
    pub changing: usize,
    /// Items that did not exist then, and go.
    pub going: usize,
    /// Items that are the same.
    pub same: usize,
}

/// What differs, or differed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct BroughtBack {
    /// Users, the items of admins, deleted users and second factors.
    pub users: Difference,
    /// Reserved addresses and codes.
    pub identifiers: Difference,
}

impl Store {
    /// Compares a workspace's users in the tables of `copy` with those of now, and with `write` makes them the same.
    /// Nobody else may change the workspace meanwhile. Repeated, it goes on where it was interrupted.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn bring_back(
        &self,
        copy: &Self,
        id: &WorkspaceId,
        write: bool,
    ) -> Result<BroughtBack, StoreError> {
        let then = copy.items_of(USERS, id).await?;
        let is_user = |item: &&Item| string(item, "workspace_id") == Some(id.as_str());
        let users = then.iter().filter(is_user).count();
        let brought_back = BroughtBack {
            users: self.make_same(USERS, then, id, write).await?,
            identifiers: {
                let then = copy.items_of(IDENTIFIERS, id).await?;
                self.make_same(IDENTIFIERS, then, id, write).await?
            },
        };
        if write {
            self.recount(id, users).await?;
        }
        Ok(brought_back)
    }

    async fn make_same(
        &self,
        table: TableItems,
        then: Vec<Item>,
        id: &WorkspaceId,
        write: bool,
    ) -> Result<Difference, StoreError> {
        let by_key = |items: Vec<Item>| -> HashMap<String, Item> {
            let keyed = items.into_iter().map(|item| {
                let mut key: Vec<String> = table
                    .key_of(&item)
                    .into_iter()
                    .map(|(name, value)| format!("{name}={value:?}"))
                    .collect();
                key.sort_unstable();
                (key.concat(), item)
            });
            keyed.collect()
        };
        let mut now = by_key(self.items_of(table, id).await?);
        let (mut difference, mut put) = (Difference::default(), Vec::new());
        for (key, item) in by_key(then) {
            match now.remove(&key) {
                Some(present) if present == item => difference.same += 1,
                Some(_) => {
                    difference.changing += 1;
                    put.push(item);
                }
                None => {
                    difference.coming_back += 1;
                    put.push(item);
                }
            }
        }
        difference.going = now.len();
        if write {
            let deleted = now.values().map(|item| table.key_of(item)).collect();
            self.write_items(table, put, deleted).await?;
        }
        Ok(difference)
    }

    /// Stores the number of users, and counts the change, so that a run that read the users before notices it.
    async fn recount(&self, id: &WorkspaceId, users: usize) -> Result<(), StoreError> {
        self.db
            .update_item()
            .table_name(&self.tables.workspaces)
            .set_key(Some(seats_and_lease_key(id)))
            .update_expression("SET #users = :users ADD moves :one, users_version :one")
            .expression_attribute_names("#users", "users")
            .expression_attribute_values(":users", number(users))
            .expression_attribute_values(":one", number(1))
            .send()
            .await
            .map_err(StoreError::from_sdk("UpdateItem"))?;
        Ok(())
    }
}
