//! Deleted users, in the table `users`.
//!
//! A user's item is kept for 30 days as it was, without its invitation, but with `workspace_id` =
//! "deleted#" and the workspace's id, so that no query for users finds it. `deleted_at` is added, and
//! `ttl` ends it.

use domain::{User, UserId, WorkspaceId};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use crate::error::StoreError;
use crate::store::{Store, query_all, text};
use crate::users::user_key;

/// How long a deleted user can be restored.
pub const RESTORABLE: SignedDuration = SignedDuration::from_hours(30 * 24);

/// A user who was deleted and can be restored.
#[derive(Clone, Debug, Deserialize)]
pub struct DeletedUser {
    /// The user as they were.
    #[serde(flatten)]
    pub user: User,
    /// The time of the deletion.
    pub deleted_at: Timestamp,
}

pub(crate) fn deleted_partition(workspace_id: &WorkspaceId) -> String {
    format!("deleted#{workspace_id}")
}

impl Store {
    /// Returns a user who was deleted within the last 30 days; `None` if there is none with this id.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn deleted_user(
        &self,
        workspace_id: &WorkspaceId,
        user_id: &UserId,
    ) -> Result<Option<DeletedUser>, StoreError> {
        let key = user_key(&deleted_partition(workspace_id), user_id);
        self.record(&self.tables.users, key, "deleted user").await
    }

    /// Returns the users who were deleted within the last 30 days, newest first.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn deleted_users(
        &self,
        workspace_id: &WorkspaceId,
    ) -> Result<Vec<DeletedUser>, StoreError> {
        let query = self
            .db
            .query()
            .table_name(&self.tables.users)
            .key_condition_expression("workspace_id = :deleted")
            .expression_attribute_values(":deleted", text(deleted_partition(workspace_id)));
        let mut deleted: Vec<DeletedUser> = query_all(query, "deleted user").await?;
        deleted.sort_by_key(|user| std::cmp::Reverse(user.deleted_at));
        Ok(deleted)
    }
}
