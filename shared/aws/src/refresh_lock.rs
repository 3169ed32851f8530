//! The lock around a workspace's SmartHR tokens: "refresh#<workspace id>" in the table of short-lived
//! things. SmartHR may rotate a refresh token at every use, so two functions that used one at once
//! would lose it.

use directory::WorkspaceId;
use jiff::{SignedDuration, Timestamp};

use crate::error::StoreError;
use crate::store::{Store, number, text};

/// How long the lock holds when its owner dies.
pub const REFRESH_LOCK: SignedDuration = SignedDuration::from_secs(30);

fn lock_key(workspace_id: &WorkspaceId) -> String {
    format!("refresh#{workspace_id}")
}

impl Store {
    /// Takes the lock for `owner`, a random text, unless somebody else holds it at `now`. Gives
    /// whether it was taken.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn take_refresh_lock(
        &self,
        workspace_id: &WorkspaceId,
        owner: &str,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let held_until = now.checked_add(REFRESH_LOCK).unwrap_or(Timestamp::MAX);
        let put = self
            .db
            .put_item()
            .table_name(&self.tables.sessions)
            .item("key", text(lock_key(workspace_id)))
            .item("lock_owner", text(owner))
            .item("held_until", number(held_until.as_millisecond()))
            .item("ttl", number(held_until.as_second()))
            // The owner's own lock: a retry of the SDK after a lost answer.
            .condition_expression(
                "attribute_not_exists(held_until) OR held_until <= :now OR lock_owner = :owner",
            )
            .expression_attribute_values(":now", number(now.as_millisecond()))
            .expression_attribute_values(":owner", text(owner))
            .send()
            .await
            .map_err(StoreError::from_sdk("PutItem"));
        match put {
            Ok(_) => Ok(true),
            Err(error) if error.is_condition() => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Gives the lock back; fine when it is not the owner's any more.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn give_refresh_lock_back(
        &self,
        workspace_id: &WorkspaceId,
        owner: &str,
    ) -> Result<(), StoreError> {
        let deleted = self
            .db
            .delete_item()
            .table_name(&self.tables.sessions)
            .key("key", text(lock_key(workspace_id)))
            .condition_expression("lock_owner = :owner")
            .expression_attribute_values(":owner", text(owner))
            .send()
            .await
            .map_err(StoreError::from_sdk("DeleteItem"));
        match deleted {
            Ok(_) => Ok(()),
            Err(error) if error.is_condition() => Ok(()),
            Err(error) => Err(error),
        }
    }
}
