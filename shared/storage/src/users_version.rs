//! How often the users of a workspace changed, in the table `workspaces`, so that who keeps them in memory
//! knows when to read them again.
//!
//! | item | attribute | grows with |
//! |---|---|---|
//! | [seats and lease](crate::seats_and_lease) | `users_version` | each step of a run, and each change of the number of users |
//! | `pk` = workspace id, `sk` = "users-version" | `edits` | each other change of a user, and each erasure |
//! | 〃 | `sign_ins` | each sign-in, and each invitation whose mail went out late |
//!
//! All but those of `sign_ins` are items of the transaction of the change. They have an item of their own, so that what
//! people do while a run is under way does not conflict with its steps, which write seats and lease.

use aws_sdk_dynamodb::types::{TransactWriteItem, Update};
use domain::{UserId, WorkspaceId};
use jiff::Timestamp;
use serde::Deserialize;

use crate::error::{StoreError, if_condition_held};
use crate::seats_and_lease::seats_and_lease_key;
use crate::store::{Item, Store, key, number, readable, text};
use crate::transaction::{FirstItem, update};
use crate::users::user_key;

/// How often the users of a workspace changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UsersVersion {
    /// Changes by runs, and of the number of users.
    by_runs: u64,
    /// Other changes.
    edits: u64,
    /// Sign-ins, and invitations that end later because of a late mail.
    sign_ins: u64,
}

impl UsersVersion {
    /// Returns whether nothing happened between this version and the other one but what may be shown a minute later:
    /// sign-ins, and new ends of invitations.
    pub fn is_same_but_for_sign_ins(self, other: Self) -> bool {
        (self.by_runs, self.edits) == (other.by_runs, other.edits)
    }

    /// Returns the version after a transaction that checked this one, which counts as a change.
    pub(crate) fn after_check(self) -> Self {
        Self {
            by_runs: self.by_runs + 1,
            edits: self.edits + 1,
            ..self
        }
    }
}

#[derive(Deserialize)]
struct Counted {
    #[serde(default)]
    users_version: u64,
    #[serde(default)]
    edits: u64,
    #[serde(default)]
    sign_ins: u64,
}

fn users_version_key(id: &WorkspaceId) -> Item {
    key([("pk", id.as_str()), ("sk", "users-version")])
}

impl Store {
    /// Returns how often the users of a workspace changed. Users that are read afterwards are at least of this version.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn users_version(&self, id: &WorkspaceId) -> Result<UsersVersion, StoreError> {
        let keys = [seats_and_lease_key(id), users_version_key(id)];
        let items = self.batch_get(&self.tables.workspaces, &keys, None).await?;
        let counted = items
            .iter()
            .filter_map(|item| readable(item, "users' version"));
        Ok(
            counted.fold(UsersVersion::default(), |sum, it: Counted| UsersVersion {
                by_runs: sum.by_runs + it.users_version,
                edits: sum.edits + it.edits,
                sign_ins: sum.sign_ins + it.sign_ins,
            }),
        )
    }

    /// Returns the count of a change as an item of its transaction.
    pub(crate) fn edit_item(&self, id: &WorkspaceId) -> Result<TransactWriteItem, StoreError> {
        update(
            Update::builder()
                .table_name(&self.tables.workspaces)
                .set_key(Some(users_version_key(id)))
                .update_expression("ADD edits :one")
                .expression_attribute_values(":one", number(1)),
        )
    }

    /// Returns items after which no user was changed since this version was read, or the transaction is refused. They
    /// count as a change themselves.
    pub(crate) fn users_as_read_items(
        &self,
        id: &WorkspaceId,
        read: UsersVersion,
    ) -> Result<[TransactWriteItem; 2], StoreError> {
        let as_read = |key: Item, name: &str, read: u64| {
            let condition = match read {
                0 => "attribute_not_exists(#count) OR #count = :read",
                _ => "#count = :read",
            };
            update(
                Update::builder()
                    .table_name(&self.tables.workspaces)
                    .set_key(Some(key))
                    .update_expression("ADD #count :one")
                    .condition_expression(condition)
                    .expression_attribute_names("#count", name)
                    .expression_attribute_values(":read", number(read))
                    .expression_attribute_values(":one", number(1)),
            )
        };
        Ok([
            as_read(seats_and_lease_key(id), "users_version", read.by_runs)?,
            as_read(users_version_key(id), "edits", read.edits)?,
        ])
    }

    /// Counts a change that is not a transaction, such as an erasure.
    pub(crate) async fn count_edit(&self, id: &WorkspaceId) -> Result<(), StoreError> {
        let items = vec![self.edit_item(id)?];
        self.execute(items, FirstItem::Other).await
    }

    /// Notes when a user last signed in. The version of the user stays, so that no change of theirs is refused because
    /// of it. It does nothing for a user who does not exist.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn note_sign_in(
        &self,
        workspace_id: &WorkspaceId,
        user_id: &UserId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let noted = self
            .db
            .update_item()
            .table_name(&self.tables.users)
            .set_key(Some(user_key(workspace_id.as_str(), user_id)))
            .update_expression("SET last_sign_in = :now")
            .condition_expression("attribute_exists(user_id)")
            .expression_attribute_values(":now", text(now.to_string()))
            .send()
            .await;
        if if_condition_held("UpdateItem", noted)?.is_none() {
            return Ok(());
        }
        self.count_shown_later(workspace_id).await
    }

    /// Counts what the console may show a minute later. It is a write by itself, which conflicts with no other of its
    /// kind.
    pub(crate) async fn count_shown_later(
        &self,
        workspace_id: &WorkspaceId,
    ) -> Result<(), StoreError> {
        self.db
            .update_item()
            .table_name(&self.tables.workspaces)
            .set_key(Some(users_version_key(workspace_id)))
            .update_expression("ADD sign_ins :one")
            .expression_attribute_values(":one", number(1))
            .send()
            .await
            .map_err(StoreError::from_sdk("UpdateItem"))?;
        Ok(())
    }
}
