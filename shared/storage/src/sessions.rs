//! Sessions, in the table `sessions`, whose items live for hours and have one `key` each.
//!
//! `key` = "session#" and the hash of the session's token, the fields of [`Session`], `ttl`.

use std::fmt;

use aws_sdk_dynamodb::types::{Put, ReturnValue};
use domain::{AuditEvent, OutboxMail, UserId, WorkspaceId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::error::{StoreError, if_condition_held};
use crate::store::{Item, Store, expire_at, key, number, text, to_item};
use crate::transaction::{FirstItem, put};

/// The session of somebody who is signed in.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// The workspace that the user signed in to.
    pub workspace_id: WorkspaceId,
    /// The user who signed in.
    pub user_id: UserId,
    /// The time of the sign-in.
    pub created_at: Timestamp,
    /// The time of the last request, to within a minute.
    pub last_seen_at: Timestamp,
    /// The user's session epoch at sign-in: the session has ended when the user's is another one.
    pub epoch: u64,
    /// The token that writes must carry.
    pub csrf: String,
    /// Whether the user signed in with an initial password, and can only replace it.
    pub must_replace_password: bool,
}

/// Leaves out the CSRF token.
impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("workspace_id", &self.workspace_id)
            .field("user_id", &self.user_id)
            .field("created_at", &self.created_at)
            .finish_non_exhaustive()
    }
}

fn session_key(token_hash: &str) -> Item {
    key([("key", &format!("session#{token_hash}"))])
}

impl Store {
    /// Stores a session under the hash of its token until `ends_at`.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn put_session(
        &self,
        token_hash: &str,
        session: &Session,
        ends_at: Timestamp,
    ) -> Result<(), StoreError> {
        let mut item = to_item(session, "session")?;
        item.extend(session_key(token_hash));
        self.put_short_lived(item, ends_at).await
    }

    /// Stores a session as [`Store::put_session`] does, with a mail about it and what the audit trail says,
    /// or nothing.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn put_recorded_session(
        &self,
        token_hash: &str,
        session: &Session,
        ends_at: Timestamp,
        mail: &OutboxMail,
        event: &AuditEvent,
    ) -> Result<(), StoreError> {
        let mut item = to_item(session, "session")?;
        item.extend(session_key(token_hash));
        expire_at(&mut item, ends_at);
        let items = vec![
            put(Put::builder()
                .table_name(&self.tables.sessions)
                .set_item(Some(item)))?,
            self.outbox_item(&session.workspace_id, mail)?,
            self.audit_item(&session.workspace_id, event)?,
        ];
        self.execute(items, FirstItem::Other).await
    }

    /// Returns the session of a token, if there is one. The caller checks whether it has ended.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn session(&self, token_hash: &str) -> Result<Option<Session>, StoreError> {
        self.record(&self.tables.sessions, session_key(token_hash), "session")
            .await
    }

    /// Notes that a session was used, unless it has ended, so that the write does not revive it.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn touch_session(
        &self,
        token_hash: &str,
        now: Timestamp,
        ends_at: Timestamp,
    ) -> Result<(), StoreError> {
        let answer = self
            .db
            .update_item()
            .table_name(&self.tables.sessions)
            .set_key(Some(session_key(token_hash)))
            .update_expression("SET last_seen_at = :now, #ttl = :ttl")
            .condition_expression("attribute_exists(#key)")
            .expression_attribute_names("#ttl", "ttl")
            .expression_attribute_names("#key", "key")
            .expression_attribute_values(":now", text(now.to_string()))
            .expression_attribute_values(":ttl", number(ends_at.as_second()))
            .send()
            .await;
        if_condition_held("UpdateItem", answer).map(|_| ())
    }

    /// Ends a session by deleting it.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn delete_session(&self, token_hash: &str) -> Result<(), StoreError> {
        let deleted = self.delete_short_lived(session_key(token_hash)).await;
        deleted.map(|_| ())
    }

    /// Writes an item of the table `sessions` that ends at `ends_at`.
    pub(crate) async fn put_short_lived(
        &self,
        mut item: Item,
        ends_at: Timestamp,
    ) -> Result<(), StoreError> {
        expire_at(&mut item, ends_at);
        self.db
            .put_item()
            .table_name(&self.tables.sessions)
            .set_item(Some(item))
            .send()
            .await
            .map_err(StoreError::from_sdk("PutItem"))?;
        Ok(())
    }

    /// Deletes an item of the table `sessions`, and returns it; `None` if there is none (any more).
    pub(crate) async fn delete_short_lived(&self, key: Item) -> Result<Option<Item>, StoreError> {
        let answer = self
            .db
            .delete_item()
            .table_name(&self.tables.sessions)
            .set_key(Some(key))
            .return_values(ReturnValue::AllOld)
            .send()
            .await
            .map_err(StoreError::from_sdk("DeleteItem"))?;
        Ok(answer.attributes)
    }
}
