//! The reservations of e-mail addresses and employee codes as items of a transaction. The items' shape
//! is described in [`identifiers`](crate::identifiers).

use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::{Delete, Put, TransactWriteItem};
use domain::{Identifier, UserId, WorkspaceId, identifiers_of};

use crate::error::StoreError;
use crate::identifiers::{any_case_key, identifier_key};
use crate::store::{Store, text};
use crate::transaction::{UserWrite, delete, put};

impl Store {
    /// Frees the identifiers that users lose, and reserves those that they gain. One that moves from a
    /// user to another is one item: the new holder replaces the old one. What makes a code findable in any
    /// case is written with it; for codes that are kept it is `renewed`, since earlier versions did not write it.
    pub(super) fn identifier_items(
        &self,
        workspace_id: &WorkspaceId,
        writes: &[UserWrite],
        renewed: bool,
    ) -> Result<Vec<TransactWriteItem>, StoreError> {
        let mut freed: BTreeMap<Identifier<'_>, &UserId> = BTreeMap::new();
        let mut reserved: BTreeMap<Identifier<'_>, &UserId> = BTreeMap::new();
        for write in writes {
            if let Some(before) = write.before() {
                freed.extend(identifiers_of(before).map(|it| (it, &before.user_id)));
            }
            if let Some(after) = write.after() {
                reserved.extend(identifiers_of(after).map(|it| (it, &after.user_id)));
            }
        }
        let mut items = Vec::new();
        for (identifier, user_id) in &reserved {
            let holder = freed.remove(identifier);
            let is_kept = holder == Some(*user_id);
            if let Some(mut item) = any_case_key(workspace_id, identifier)
                && (!is_kept || renewed)
            {
                item.insert("user_id".into(), text(user_id.as_str()));
                let item = Put::builder().set_item(Some(item));
                items.push(put(item.table_name(&self.tables.identifiers))?);
            }
            if is_kept {
                continue;
            }
            let mut item = identifier_key(workspace_id, identifier);
            item.insert("user_id".into(), text(user_id.as_str()));
            let item = Put::builder()
                .table_name(&self.tables.identifiers)
                .set_item(Some(item));
            items.push(put(match holder {
                None => item.condition_expression("attribute_not_exists(identifier)"),
                Some(holder) => item
                    .condition_expression("user_id = :holder")
                    .expression_attribute_values(":holder", text(holder.as_str())),
            })?);
        }
        for (identifier, holder) in freed {
            if let Some(key) = any_case_key(workspace_id, &identifier) {
                let item = Delete::builder().set_key(Some(key));
                items.push(delete(item.table_name(&self.tables.identifiers))?);
            }
            items.push(delete(
                Delete::builder()
                    .table_name(&self.tables.identifiers)
                    .set_key(Some(identifier_key(workspace_id, &identifier)))
                    .condition_expression("attribute_not_exists(identifier) OR user_id = :holder")
                    .expression_attribute_values(":holder", text(holder.as_str())),
            )?);
        }
        Ok(items)
    }
}
