//! The システム管理者 and 管理者 of a workspace, in the table `users`: an item for each, so that they are found without
//! reading everybody.
//!
//! `workspace_id` = "admins#" and the workspace's id; `user_id` = the admin. An item is written and deleted in the
//! transaction that gives or takes the role ([`transaction`](crate::transaction)). One more item, `user_id` =
//! "#complete", says that every admin has an item. A new workspace has it from the beginning. In a workspace of an
//! earlier version everybody is read until its next night, or a run by an operator, has written the items.
//!
//! So mails to admins, and the checks that a システム管理者 stays, cost one query of these items and a read of the
//! admins, however large the company is. A night reads everybody anyway: it compares, and writes what is missing if no
//! user changes meanwhile.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::{Delete, Put, TransactWriteItem};
use domain::{User, UserId, WorkspaceId};

use crate::error::StoreError;
use crate::store::{Item, Store, query_items, string, text};
use crate::transaction::{FirstItem, MAX_TRANSACTION_ITEMS, delete, put};
use crate::users::{StoredUsers, user_key};

/// The `user_id` of the item that says that every admin has an item. It is the id of no user.
const COMPLETE: &str = "#complete";

/// The items of a workspace's admins.
#[derive(Default)]
struct ListedAdmins {
    user_ids: BTreeSet<UserId>,
    is_complete: bool,
}

fn admin_key(workspace_id: &WorkspaceId, user_id: &str) -> Item {
    user_key(&format!("admins#{workspace_id}"), &UserId::new(user_id))
}

fn has_admin_role(user: &User) -> bool {
    user.role.may_manage_connection()
}

impl Store {
    /// Returns every user of a workspace whose role is システム管理者 or 管理者 and whose record can be read, in the
    /// order of their ids, consistently. Those who were invited are among them.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn admins(&self, workspace_id: &WorkspaceId) -> Result<Vec<User>, StoreError> {
        let listed = self.listed_admins(workspace_id).await?;
        let mut users = if listed.is_complete {
            self.users_by_id(workspace_id, &listed.user_ids).await?
        } else {
            self.users(workspace_id).await?
        };
        users.retain(has_admin_role);
        Ok(users)
    }

    async fn listed_admins(&self, workspace_id: &WorkspaceId) -> Result<ListedAdmins, StoreError> {
        let query = self
            .db
            .query()
            .table_name(&self.tables.users)
            .consistent_read(true)
            .key_condition_expression("workspace_id = :admins")
            .expression_attribute_values(":admins", text(format!("admins#{workspace_id}")));
        let mut listed = ListedAdmins::default();
        for item in query_items(query).await? {
            match string(&item, "user_id") {
                Some(COMPLETE) => listed.is_complete = true,
                Some(user_id) => {
                    listed.user_ids.insert(UserId::new(user_id));
                }
                None => {}
            }
        }
        Ok(listed)
    }

    /// Makes the items those of the admins among `users`, who are all users of the workspace. Usually they are, and it
    /// costs one request. Otherwise everybody is read again, and nothing is written if somebody changes a user
    /// meanwhile.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when a user was changed meanwhile.
    pub async fn mend_admins(
        &self,
        workspace_id: &WorkspaceId,
        users: &StoredUsers,
    ) -> Result<(), StoreError> {
        let listed = self.listed_admins(workspace_id).await?;
        if listed.is_complete && listed.differences(users).is_empty() {
            return Ok(());
        }
        let mut version = self.users_version(workspace_id).await?;
        let users = self.all_users(workspace_id).await?;
        let listed = self.listed_admins(workspace_id).await?;
        let mut items = Vec::new();
        for (user_id, is_admin) in listed.differences(&users) {
            items.push(self.admin_item(workspace_id, &user_id, is_admin)?);
        }
        // Last: until then everybody is read.
        items.push(self.admins_complete_item(workspace_id)?);
        for some in items.chunks(MAX_TRANSACTION_ITEMS) {
            let mut written = self.users_as_read_items(workspace_id, version)?.to_vec();
            written.extend_from_slice(some);
            self.execute(written, FirstItem::Other).await?;
            version = version.after_check();
        }
        tracing::info!(%workspace_id, items = items.len(), "the items of the admins were written");
        Ok(())
    }

    /// Returns the item after which a user is listed as an admin, or is not.
    pub(crate) fn admin_item(
        &self,
        workspace_id: &WorkspaceId,
        user_id: &UserId,
        is_admin: bool,
    ) -> Result<TransactWriteItem, StoreError> {
        let key = Some(admin_key(workspace_id, user_id.as_str()));
        let table = &self.tables.users;
        if is_admin {
            put(Put::builder().table_name(table).set_item(key))
        } else {
            delete(Delete::builder().table_name(table).set_key(key))
        }
    }

    /// Returns the item that says that every admin of the workspace has an item.
    pub(crate) fn admins_complete_item(
        &self,
        workspace_id: &WorkspaceId,
    ) -> Result<TransactWriteItem, StoreError> {
        let item = admin_key(workspace_id, COMPLETE);
        put(Put::builder()
            .table_name(&self.tables.users)
            .set_item(Some(item)))
    }
}

impl ListedAdmins {
    /// Returns who is an admin without an item (`true`), and who has an item and is none (`false`). The items of users
    /// whose records cannot be read stay.
    fn differences(&self, users: &StoredUsers) -> Vec<(UserId, bool)> {
        let admins = users.users.iter().filter(|user| has_admin_role(user));
        let admins: BTreeSet<&UserId> = admins.map(|user| &user.user_id).collect();
        let unreadable: BTreeSet<&UserId> =
            users.unreadable.iter().map(|user| &user.user_id).collect();
        let missing = admins.iter().filter(|id| !self.user_ids.contains(**id));
        let is_left = |id: &&UserId| !admins.contains(id) && !unreadable.contains(id);
        let left = self.user_ids.iter().filter(is_left);
        let missing = missing.map(|id| ((*id).clone(), true));
        missing.chain(left.map(|id| (id.clone(), false))).collect()
    }
}
