//! Who has which address and code, as items of a transaction.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::{Delete, Put, TransactWriteItem};
use domain::{Identifier, UserId, WorkspaceId, identifiers_of};

use crate::commit::{UserWrite, delete_item, put_item};
use crate::error::StoreError;
use crate::store::{Store, text};
use crate::users::identifier_key;

impl Store {
    /// Gives up and takes addresses and codes. What one gives up and another takes in the same
    /// write is one item: the new holder replaces the old one.
    pub(crate) fn identifier_writes(
        &self,
        workspace_id: &WorkspaceId,
        writes: &[UserWrite],
    ) -> Result<Vec<TransactWriteItem>, StoreError> {
        let mut given_up: BTreeMap<Identifier, &UserId> = BTreeMap::new();
        let mut taken: BTreeMap<Identifier, &UserId> = BTreeMap::new();
        for write in writes {
            if let Some(before) = write.before() {
                given_up.extend(identifiers_of(before).map(|it| (it, &before.user_id)));
            }
            if let Some(after) = write.after() {
                taken.extend(identifiers_of(after).map(|it| (it, &after.user_id)));
            }
        }
        let mut items = Vec::new();
        for (identifier, user_id) in &taken {
            let holder = given_up.remove(identifier);
            if holder == Some(*user_id) {
                continue;
            }
            let mut item = identifier_key(workspace_id, identifier);
            item.insert("user_id".into(), text(user_id.as_str()));
            let put = Put::builder()
                .table_name(&self.tables.identifiers)
                .set_item(Some(item));
            let put = match holder {
                None => put.condition_expression("attribute_not_exists(identifier)"),
                Some(holder) => put
                    .condition_expression("user_id = :holder")
                    .expression_attribute_values(":holder", text(holder.as_str())),
            };
            items.push(put_item(put)?);
        }
        for (identifier, holder) in given_up {
            let delete = Delete::builder()
                .table_name(&self.tables.identifiers)
                .set_key(Some(identifier_key(workspace_id, &identifier)))
                .condition_expression("attribute_not_exists(identifier) OR user_id = :holder")
                .expression_attribute_values(":holder", text(holder.as_str()));
            items.push(delete_item(delete)?);
        }
        Ok(items)
    }
}
