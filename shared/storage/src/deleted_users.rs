//! Users who were deleted: each stays for 30 days under the workspace id "deleted#…", where nothing that
//! looks for users meets it.

use domain::{User, WorkspaceId};
use jiff::Timestamp;
use serde::Deserialize;

use crate::error::StoreError;
use crate::store::{Store, from_item, text};

/// A user who was deleted and can be restored.
#[derive(Clone, Debug, Deserialize)]
pub struct DeletedUser {
    /// As it was.
    #[serde(flatten)]
    pub user: User,
    /// When it was deleted.
    pub deleted_at: Timestamp,
}

pub(crate) fn deleted_partition(workspace_id: &WorkspaceId) -> String {
    format!("deleted#{workspace_id}")
}

impl Store {
    /// The users that were deleted within the last 30 days, newest first.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn deleted_users(
        &self,
        workspace_id: &WorkspaceId,
    ) -> Result<Vec<DeletedUser>, StoreError> {
        let mut pages = self
            .db
            .query()
            .table_name(&self.tables.users)
            .key_condition_expression("workspace_id = :deleted")
            .expression_attribute_values(":deleted", text(deleted_partition(workspace_id)))
            .into_paginator()
            .send();
        let mut deleted: Vec<DeletedUser> = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(StoreError::from_sdk("Query"))?;
            for item in page.items.unwrap_or_default() {
                deleted.push(from_item(item, "deleted user")?);
            }
        }
        deleted.sort_by_key(|user| std::cmp::Reverse(user.deleted_at));
        Ok(deleted)
    }
}
