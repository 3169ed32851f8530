//! The items by which admins are found, as items of the transaction that gives or takes the role. Their shape is
//! described in [`admins`](crate::admins).

use aws_sdk_dynamodb::types::TransactWriteItem;
use domain::{User, WorkspaceId};

use crate::error::StoreError;
use crate::store::Store;
use crate::transaction::UserWrite;

impl Store {
    /// Lists those who become a システム管理者 or 管理者, and delists those who are none any more.
    pub(super) fn admin_items(
        &self,
        workspace_id: &WorkspaceId,
        writes: &[UserWrite],
    ) -> Result<Vec<TransactWriteItem>, StoreError> {
        let is_admin = |user: &User| user.role.may_manage_connection();
        let mut items = Vec::new();
        for write in writes {
            let (before, after) = (write.before(), write.after());
            let becomes = after.is_some_and(is_admin);
            let user = after.or(before);
            if let Some(user) = user.filter(|_| before.is_some_and(is_admin) != becomes) {
                items.push(self.admin_item(workspace_id, &user.user_id, becomes)?);
            }
        }
        Ok(items)
    }
}
