//! Changes of users as items of a transaction. The items' shape is described in
//! [`users`](crate::users) and [`deleted_users`](crate::deleted_users).

use std::collections::HashMap;

use aws_sdk_dynamodb::types::{AttributeValue, Delete, Put, TransactWriteItem, Update};
use domain::{Credential, User, UserId, WorkspaceId};
use jiff::Timestamp;

use crate::deleted_users::{RESTORABLE, deleted_partition};
use crate::error::StoreError;
use crate::store::{Item, Store, expire_at, from_item, number, string, text, to_item};
use crate::transaction::{CredentialHashChanges, UserWrite, delete, put, update};
use crate::users::{CredentialHashes, user_key};

/// The stored items of users who are to be deleted, hashes included.
pub(super) type ItemsToDelete = HashMap<UserId, Item>;

impl Store {
    /// Reads the items of all users that `writes` delete, to copy them.
    pub(super) async fn items_to_delete(
        &self,
        workspace_id: &WorkspaceId,
        writes: &[UserWrite],
    ) -> Result<ItemsToDelete, StoreError> {
        let keys: Vec<Item> = writes
            .iter()
            .filter_map(|write| match write {
                UserWrite::Delete { before } => {
                    Some(user_key(workspace_id.as_str(), &before.user_id))
                }
                _ => None,
            })
            .collect();
        let items = self.batch_get(&self.tables.users, &keys, None).await?;
        let by_id = |item| Some((UserId::new(string(&item, "user_id")?), item));
        Ok(items.into_iter().filter_map(by_id).collect())
    }

    pub(super) async fn user_items(
        &self,
        workspace_id: &WorkspaceId,
        write: &UserWrite,
        stored: &ItemsToDelete,
        now: Timestamp,
    ) -> Result<Vec<TransactWriteItem>, StoreError> {
        match write {
            UserWrite::Create { after, hashes } => {
                let new = self.new_user_item(workspace_id, after, hashes, 0, None)?;
                Ok(vec![new])
            }
            UserWrite::Change {
                before,
                after,
                hashes,
            } => {
                let changed = self.changed_user_item(workspace_id, before, after, hashes)?;
                Ok(vec![changed])
            }
            UserWrite::Delete { before } => {
                self.deleted_user_items(workspace_id, before, stored, now)
            }
            UserWrite::Restore { after } => self.restored_user_items(workspace_id, after).await,
        }
    }

    fn new_user_item(
        &self,
        workspace_id: &WorkspaceId,
        user: &User,
        hashes: &CredentialHashChanges,
        session_epoch: u64,
        last_sign_in: Option<AttributeValue>,
    ) -> Result<TransactWriteItem, StoreError> {
        let mut item = to_item(user, "user")?;
        item.insert("workspace_id".into(), text(workspace_id.as_str()));
        item.insert("session_epoch".into(), number(session_epoch));
        item.extend(last_sign_in.map(|at| ("last_sign_in".to_owned(), at)));
        item.extend(new_hashes(hashes).map(|(name, hash)| (name.to_owned(), text(hash))));
        put(Put::builder()
            .table_name(&self.tables.users)
            .set_item(Some(item))
            .condition_expression("attribute_not_exists(user_id)"))
    }

    /// Updates every attribute but the hashes; of those only the ones that change.
    fn changed_user_item(
        &self,
        workspace_id: &WorkspaceId,
        before: &User,
        after: &User,
        hashes: &CredentialHashChanges,
    ) -> Result<TransactWriteItem, StoreError> {
        let mut item = Update::builder()
            .table_name(&self.tables.users)
            .set_key(Some(user_key(workspace_id.as_str(), &after.user_id)))
            .condition_expression("version = :seen")
            .expression_attribute_values(":seen", number(before.version));
        let mut attributes = to_item(after, "user")?;
        attributes.remove("user_id");
        let mut set = Vec::new();
        for (index, (name, value)) in attributes.into_iter().enumerate() {
            set.push(format!("#s{index} = :s{index}"));
            item = item
                .expression_attribute_names(format!("#s{index}"), name)
                .expression_attribute_values(format!(":s{index}"), value);
        }
        for (name, hash) in new_hashes(hashes) {
            set.push(format!("{name} = :{name}"));
            item = item.expression_attribute_values(format!(":{name}"), text(hash));
        }
        let absent = [
            ("email", after.email.is_none()),
            ("code", after.code.is_none()),
            ("link", after.crew_link.is_none()),
            ("synced_group", after.synced_group.is_none()),
            ("emergency", !after.is_emergency_account),
            ("invitation", after.invitation.is_none()),
            (
                "invitation_hash",
                after.invitation.is_none() && hashes.invitation_hash.is_none(),
            ),
            (
                "password_hash",
                after.credential != Credential::Password && hashes.password_hash.is_none(),
            ),
            (
                "initial_password_hash",
                !matches!(after.credential, Credential::Initial { .. })
                    && hashes.initial_password_hash.is_none(),
            ),
            // Admins know initial passwords: who comes in with one need not be who opened the link.
            ("proven_email", hashes.initial_password_hash.is_some()),
        ];
        let remove: Vec<&str> = absent
            .into_iter()
            .filter_map(|(name, absent)| absent.then_some(name))
            .collect();
        let mut expression = format!("SET {}", set.join(", "));
        if !remove.is_empty() {
            expression.push_str(" REMOVE ");
            expression.push_str(&remove.join(", "));
        }
        if hashes.end_sessions {
            expression.push_str(" ADD session_epoch :one");
            item = item.expression_attribute_values(":one", number(1));
        }
        update(item.update_expression(expression))
    }

    /// Deletes the user, and keeps a copy that can be restored.
    fn deleted_user_items(
        &self,
        workspace_id: &WorkspaceId,
        before: &User,
        stored: &ItemsToDelete,
        now: Timestamp,
    ) -> Result<Vec<TransactWriteItem>, StoreError> {
        let mut copy = stored
            .get(&before.user_id)
            .cloned()
            .ok_or(StoreError::Conflict("the user is gone already"))?;
        copy.insert("workspace_id".into(), text(deleted_partition(workspace_id)));
        copy.insert("deleted_at".into(), text(now.to_string()));
        expire_at(&mut copy, now + RESTORABLE);
        copy.remove("invitation");
        copy.remove("invitation_hash");
        let copy = Put::builder()
            .table_name(&self.tables.users)
            .set_item(Some(copy));
        let user = Delete::builder()
            .table_name(&self.tables.users)
            .set_key(Some(user_key(workspace_id.as_str(), &before.user_id)))
            .condition_expression("version = :seen")
            .expression_attribute_values(":seen", number(before.version));
        Ok(vec![put(copy)?, delete(user)?])
    }

    /// Deletes the copy, and creates the user with the copy's hashes.
    async fn restored_user_items(
        &self,
        workspace_id: &WorkspaceId,
        after: &User,
    ) -> Result<Vec<TransactWriteItem>, StoreError> {
        let key = user_key(&deleted_partition(workspace_id), &after.user_id);
        let copy = self.get(&self.tables.users, key.clone()).await?;
        let copy = copy.ok_or(StoreError::Conflict("the deleted user is gone"))?;
        let last_sign_in = copy.get("last_sign_in").cloned();
        let kept: CredentialHashes = from_item(copy, "hashes")?;
        let hashes = CredentialHashChanges {
            password_hash: kept.password_hash,
            initial_password_hash: kept.initial_password_hash,
            proven_email: kept.proven_email.map(|email| email.as_str().to_owned()),
            ..CredentialHashChanges::default()
        };
        let epoch = kept.session_epoch + 1;
        let user = self.new_user_item(workspace_id, after, &hashes, epoch, last_sign_in)?;
        let copy = Delete::builder()
            .table_name(&self.tables.users)
            .set_key(Some(key))
            .condition_expression("attribute_exists(user_id)");
        Ok(vec![user, delete(copy)?])
    }
}

/// Returns the new hashes, and the proven address, under the names of their attributes.
fn new_hashes(hashes: &CredentialHashChanges) -> impl Iterator<Item = (&'static str, &str)> {
    [
        ("password_hash", &hashes.password_hash),
        ("initial_password_hash", &hashes.initial_password_hash),
        ("invitation_hash", &hashes.invitation_hash),
        ("proven_email", &hashes.proven_email),
    ]
    .into_iter()
    .filter_map(|(name, hash)| Some((name, hash.as_deref()?)))
}
