//! The lock around the SmartHR tokens of a workspace, in the table `sessions`. SmartHR may rotate a
//! refresh token at every use, so that two functions that used it at once would lose it.
//!
//! `key` = "refresh#" and the workspace's id, `lock_owner`, `held_until` in epoch milliseconds, `ttl`.

use aws_sdk_dynamodb::types::ReturnValue;
use domain::WorkspaceId;
use domain::time::later;
use jiff::{SignedDuration, Timestamp};

use crate::error::{StoreError, if_condition_held};
use crate::store::{Item, Store, key, number, text};

/// How long the lock lasts when its owner crashes. The owner uses half of it for SmartHR, and the
/// other half to store the result.
pub const TOKEN_LOCK: SignedDuration = SignedDuration::from_secs(90);

/// The result of an attempt to acquire the lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LockAttempt {
    /// The lock was free and is acquired.
    Acquired,
    /// The lock had run out without being released, and is acquired. Its former owner may still be
    /// using the tokens.
    AcquiredAbandoned,
    /// Another owner has the lock.
    Busy,
}

fn lock_key(workspace_id: &WorkspaceId) -> Item {
    key([("key", &format!("refresh#{workspace_id}"))])
}

fn lock_end(now: Timestamp) -> Timestamp {
    later(now, TOKEN_LOCK)
}

impl Store {
    /// Acquires the lock for `owner`, a random text, unless another owner has it at `now`.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn acquire_token_lock(
        &self,
        workspace_id: &WorkspaceId,
        owner: &str,
        now: Timestamp,
    ) -> Result<LockAttempt, StoreError> {
        let end = lock_end(now);
        let answer = self
            .db
            .put_item()
            .table_name(&self.tables.sessions)
            .set_item(Some(lock_key(workspace_id)))
            .item("lock_owner", text(owner))
            .item("held_until", number(end.as_millisecond()))
            .item("ttl", number(end.as_second()))
            // When the SDK retries after a lost answer, the owner already has the lock.
            .condition_expression(
                "attribute_not_exists(held_until) OR held_until <= :now OR lock_owner = :owner",
            )
            .expression_attribute_values(":now", number(now.as_millisecond()))
            .expression_attribute_values(":owner", text(owner))
            .return_values(ReturnValue::AllOld)
            .send()
            .await;
        let Some(acquired) = if_condition_held("PutItem", answer)? else {
            return Ok(LockAttempt::Busy);
        };
        let before = acquired.attributes.unwrap_or_default().remove("lock_owner");
        Ok(if before.is_some_and(|before| before != text(owner)) {
            LockAttempt::AcquiredAbandoned
        } else {
            LockAttempt::Acquired
        })
    }

    /// Renews the lock for its full time. Returns whether `owner` still has it.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn renew_token_lock(
        &self,
        workspace_id: &WorkspaceId,
        owner: &str,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let end = lock_end(now);
        let answer = self
            .db
            .update_item()
            .table_name(&self.tables.sessions)
            .set_key(Some(lock_key(workspace_id)))
            .update_expression("SET held_until = :until, #ttl = :ttl")
            .condition_expression("lock_owner = :owner")
            .expression_attribute_names("#ttl", "ttl")
            .expression_attribute_values(":until", number(end.as_millisecond()))
            .expression_attribute_values(":ttl", number(end.as_second()))
            .expression_attribute_values(":owner", text(owner))
            .send()
            .await;
        Ok(if_condition_held("UpdateItem", answer)?.is_some())
    }

    /// Releases the lock, if `owner` still has it.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn release_token_lock(
        &self,
        workspace_id: &WorkspaceId,
        owner: &str,
    ) -> Result<(), StoreError> {
        let answer = self
            .db
            .delete_item()
            .table_name(&self.tables.sessions)
            .set_key(Some(lock_key(workspace_id)))
            .condition_expression("lock_owner = :owner")
            .expression_attribute_values(":owner", text(owner))
            .send()
            .await;
        if_condition_held("DeleteItem", answer).map(|_| ())
    }
}
