//! The lock around a workspace's SmartHR tokens: "refresh#<workspace id>" in the table of short-lived
//! things. SmartHR may rotate a refresh token at every use, so two functions that used one at once
//! would lose it.

use aws_sdk_dynamodb::types::ReturnValue;
use domain::WorkspaceId;
use jiff::{SignedDuration, Timestamp};

use crate::error::StoreError;
use crate::store::{Store, number, text};

/// How long the lock holds when its owner dies. Its owner's work with SmartHR must be over in half
/// of it, so that what came of it can be stored in the other half.
pub const TOKEN_LOCK: SignedDuration = SignedDuration::from_secs(90);

/// How the lock was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LockAttempt {
    /// Free; it was taken.
    Free,
    /// Its time was over, but it had not been given back; it was taken. Its owner may still be at
    /// the tokens.
    Abandoned,
    /// Somebody else holds it.
    Held,
}

fn lock_key(workspace_id: &WorkspaceId) -> String {
    format!("refresh#{workspace_id}")
}

impl Store {
    /// Takes the lock for `owner`, a random text, unless somebody else holds it at `now`.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn acquire_token_lock(
        &self,
        workspace_id: &WorkspaceId,
        owner: &str,
        now: Timestamp,
    ) -> Result<LockAttempt, StoreError> {
        let held_until = now.checked_add(TOKEN_LOCK).unwrap_or(Timestamp::MAX);
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
            .return_values(ReturnValue::AllOld)
            .send()
            .await
            .map_err(StoreError::from_sdk("PutItem"));
        match put {
            Ok(put) => {
                let before = put.attributes.unwrap_or_default().remove("lock_owner");
                let others = before.is_some_and(|before| before != text(owner));
                Ok(if others {
                    LockAttempt::Abandoned
                } else {
                    LockAttempt::Free
                })
            }
            Err(error) if error.is_condition() => Ok(LockAttempt::Held),
            Err(error) => Err(error),
        }
    }

    /// Makes the lock hold as long again as at the beginning; gives whether it is still the owner's.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn renew_token_lock(
        &self,
        workspace_id: &WorkspaceId,
        owner: &str,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let held_until = now.checked_add(TOKEN_LOCK).unwrap_or(Timestamp::MAX);
        let renewed = self
            .db
            .update_item()
            .table_name(&self.tables.sessions)
            .key("key", text(lock_key(workspace_id)))
            .update_expression("SET held_until = :until, #ttl = :ttl")
            .condition_expression("lock_owner = :owner")
            .expression_attribute_names("#ttl", "ttl")
            .expression_attribute_values(":until", number(held_until.as_millisecond()))
            .expression_attribute_values(":ttl", number(held_until.as_second()))
            .expression_attribute_values(":owner", text(owner))
            .send()
            .await
            .map_err(StoreError::from_sdk("UpdateItem"));
        match renewed {
            Ok(_) => Ok(true),
            Err(error) if error.is_condition() => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Gives the lock back; fine when it is not the owner's any more.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn release_token_lock(
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
