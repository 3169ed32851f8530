//! Deleted users, in the table `users`.
//!
//! A user's item is kept for 30 days as it was, without its invitation, but with `workspace_id` =
//! "deleted#" and the workspace's id, so that no query for users finds it. `deleted_at` is added, and
//! `ttl` ends it.

use domain::{User, UserId, WorkspaceId};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use crate::error::{StoreError, if_condition_held};
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

    /// Ends the initial password in the copy of a deleted user, so that restoring does not bring it
    /// back. It does nothing if the copy is gone or has none.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn void_deleted_initial_password(
        &self,
        workspace_id: &WorkspaceId,
        user_id: &UserId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let answer = self
            .db
            .update_item()
            .table_name(&self.tables.users)
            .set_key(Some(user_key(&deleted_partition(workspace_id), user_id)))
            .update_expression("SET credential.expires_at = :now")
            .condition_expression("credential.kind = :initial")
            .expression_attribute_values(":initial", text("initial"))
            .expression_attribute_values(":now", text(now.to_string()))
            .send()
            .await;
        if_condition_held("UpdateItem", answer).map(|_| ())
    }
}
