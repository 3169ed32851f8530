//! What becomes of one user, as items of a transaction.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::{Delete, Put, TransactWriteItem, Update};
use domain::{User, UserId, WorkspaceId};
use jiff::Timestamp;

use crate::commit::{HashChange, RESTORABLE, UserWrite, delete_item, invalid_request, put_item};
use crate::deleted_users::deleted_partition;
use crate::error::StoreError;
use crate::store::{Item, Store, from_item, number, text, to_item};
use crate::users::{Hashes, user_key};

/// Users as they are stored, who are about to go.
pub(crate) type Leavers = HashMap<UserId, Item>;

impl Store {
    /// `stored` are the whole items of those who go ([`Store::leavers`]).
    pub(crate) async fn user_writes(
        &self,
        workspace_id: &WorkspaceId,
        write: &UserWrite,
        stored: &Leavers,
        now: Timestamp,
    ) -> Result<Vec<TransactWriteItem>, StoreError> {
        match write {
            UserWrite::Create { after, hashes } => {
                let mut item = to_item(after, "user")?;
                item.insert("workspace_id".into(), text(workspace_id.as_str()));
                item.insert("session_epoch".into(), number(0));
                for (name, hash) in hash_attributes(hashes) {
                    item.extend(hash.map(|hash| (name.to_owned(), text(hash))));
                }
                let put = Put::builder()
                    .table_name(&self.tables.users)
                    .set_item(Some(item))
                    .condition_expression("attribute_not_exists(user_id)");
                Ok(vec![put_item(put)?])
            }
            UserWrite::Change {
                before,
                after,
                hashes,
            } => Ok(vec![self.user_update(
                workspace_id,
                before,
                after,
                hashes,
            )?]),
            UserWrite::Delete { before } => self.user_removal(workspace_id, before, stored, now),
            UserWrite::Restore { after } => self.user_restoration(workspace_id, after).await,
        }
    }

    /// An update of everything but the hashes, which it leaves as they are unless told.
    fn user_update(
        &self,
        workspace_id: &WorkspaceId,
        before: &User,
        after: &User,
        hashes: &HashChange,
    ) -> Result<TransactWriteItem, StoreError> {
        let mut update = Update::builder()
            .table_name(&self.tables.users)
            .set_key(Some(user_key(workspace_id.as_str(), &after.user_id)))
            .condition_expression("version = :seen")
            .expression_attribute_values(":seen", number(before.version));
        let mut item = to_item(after, "user")?;
        item.remove("user_id");
        let (mut set, mut remove) = (Vec::new(), Vec::new());
        for (index, (name, value)) in item.into_iter().enumerate() {
            set.push(format!("#s{index} = :s{index}"));
            update = update
                .expression_attribute_names(format!("#s{index}"), name)
                .expression_attribute_values(format!(":s{index}"), value);
        }
        let absent = [
            ("email", after.email.is_none()),
            ("code", after.code.is_none()),
            ("link", after.crew_link.is_none()),
            ("synced_group", after.synced_group.is_none()),
            ("invitation", after.invitation.is_none()),
            (
                "invitation_hash",
                after.invitation.is_none() && hashes.invitation_hash.is_none(),
            ),
            ("initial_password_hash", hashes.password_hash.is_some()),
        ];
        remove.extend(
            absent
                .iter()
                .filter(|(_, gone)| *gone)
                .map(|(name, _)| *name),
        );
        for (name, hash) in hash_attributes(hashes) {
            if let Some(hash) = hash {
                set.push(format!("{name} = :{name}"));
                update = update.expression_attribute_values(format!(":{name}"), text(hash));
            }
        }
        let mut expression = format!("SET {}", set.join(", "));
        if !remove.is_empty() {
            expression.push_str(" REMOVE ");
            expression.push_str(&remove.join(", "));
        }
        if hashes.end_sessions {
            expression.push_str(" ADD session_epoch :one");
            update = update.expression_attribute_values(":one", number(1));
        }
        let update = update
            .update_expression(expression)
            .build()
            .map_err(invalid_request)?;
        Ok(TransactWriteItem::builder().update(update).build())
    }

    /// The whole items of all who go, hashes included, read together.
    pub(crate) async fn leavers(
        &self,
        workspace_id: &WorkspaceId,
        writes: &[UserWrite],
    ) -> Result<Leavers, StoreError> {
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
        let by_id = |item: Item| {
            let id = item.get("user_id")?.as_s().ok().map(UserId::new)?;
            Some((id, item))
        };
        Ok(items.into_iter().filter_map(by_id).collect())
    }

    /// The user goes, and a copy with its hashes stays where it can be restored from.
    fn user_removal(
        &self,
        workspace_id: &WorkspaceId,
        before: &User,
        stored: &Leavers,
        now: Timestamp,
    ) -> Result<Vec<TransactWriteItem>, StoreError> {
        let mut copy = stored
            .get(&before.user_id)
            .cloned()
            .ok_or(StoreError::Conflict("the user is gone already"))?;
        copy.insert("workspace_id".into(), text(deleted_partition(workspace_id)));
        copy.insert("deleted_at".into(), text(now.to_string()));
        copy.insert("ttl".into(), number(now.as_second() + RESTORABLE.as_secs()));
        for dead in ["invitation", "invitation_hash"] {
            copy.remove(dead);
        }
        let put = Put::builder()
            .table_name(&self.tables.users)
            .set_item(Some(copy));
        let delete = Delete::builder()
            .table_name(&self.tables.users)
            .set_key(Some(user_key(workspace_id.as_str(), &before.user_id)))
            .condition_expression("version = :seen")
            .expression_attribute_values(":seen", number(before.version));
        Ok(vec![put_item(put)?, delete_item(delete)?])
    }

    /// The copy goes, and the user is back with the hashes of the copy.
    async fn user_restoration(
        &self,
        workspace_id: &WorkspaceId,
        after: &User,
    ) -> Result<Vec<TransactWriteItem>, StoreError> {
        const GONE: StoreError = StoreError::Conflict("the deleted user is gone");
        let partition = deleted_partition(workspace_id);
        let copy = self
            .raw_user(&partition, &after.user_id)
            .await?
            .ok_or(GONE)?;
        let hashes: Hashes = from_item(copy, "hashes")?;
        let mut item = to_item(after, "user")?;
        item.insert("workspace_id".into(), text(workspace_id.as_str()));
        item.insert("session_epoch".into(), number(hashes.session_epoch + 1));
        for (name, hash) in [
            ("password_hash", hashes.password_hash),
            ("initial_password_hash", hashes.initial_password_hash),
        ] {
            item.extend(hash.map(|hash| (name.to_owned(), text(hash))));
        }
        let put = Put::builder()
            .table_name(&self.tables.users)
            .set_item(Some(item))
            .condition_expression("attribute_not_exists(user_id)");
        let delete = Delete::builder()
            .table_name(&self.tables.users)
            .set_key(Some(user_key(&partition, &after.user_id)))
            .condition_expression("attribute_exists(user_id)");
        Ok(vec![put_item(put)?, delete_item(delete)?])
    }
}

fn hash_attributes(hashes: &HashChange) -> [(&'static str, Option<&str>); 3] {
    [
        ("password_hash", hashes.password_hash.as_deref()),
        (
            "initial_password_hash",
            hashes.initial_password_hash.as_deref(),
        ),
        ("invitation_hash", hashes.invitation_hash.as_deref()),
    ]
}
