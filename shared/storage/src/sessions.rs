//! Sessions, in the table `sessions`, whose items live for hours and have one `key` each.
//!
//! `key` = "session#" and the hash of the session's token, the fields of [`Session`], `user` = workspace and
//! user (for the index of a user's sessions), `ttl`.

use std::fmt;

use aws_sdk_dynamodb::types::{AttributeValue, Put, ReturnValue};
use domain::{AuditEvent, OutboxMail, UserId, WorkspaceId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::error::{StoreError, if_condition_held};
use crate::store::{
    Item, Store, expire_at, from_item, key, number, query_items, string, text, to_item,
};
use crate::transaction::{FirstItem, put};

/// What somebody has to do before a session lets them do anything else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SessionStep {
    /// Their second factor has to follow the password.
    SecondFactor,
    /// They have to set a second factor up.
    EnrolSecondFactor,
}

/// The workspace of a parent company from which somebody entered one of its children's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnteredFrom {
    /// The parent company's workspace, whose user the person is.
    pub workspace_id: WorkspaceId,
    /// Its name when they entered.
    pub workspace_name: String,
}

/// A sign-in to another workspace in the same browser, to which the person can switch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OtherSignIn {
    /// The workspace that the user signed in to.
    pub workspace_id: WorkspaceId,
    /// Its name when they left it.
    pub workspace_name: String,
    /// The user who signed in.
    pub user_id: UserId,
    /// The time of the sign-in.
    pub created_at: Timestamp,
    /// The time at which the person last proved who they are after the sign-in; `None` if they did not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmed_at: Option<Timestamp>,
    /// The user's session epoch at sign-in.
    pub epoch: u64,
    /// When the identity provider ends the session; `None` if it does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_by: Option<Timestamp>,
}

/// The session of somebody who is signed in. One item has all sign-ins of a browser, so that they end together; a
/// request acts for the one in its first fields.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// The workspace that the user signed in to, or entered.
    pub workspace_id: WorkspaceId,
    /// The user who signed in.
    pub user_id: UserId,
    /// Where the user belongs who entered as 関連企業のユーザー; `None` for the workspace's own users.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entered_from: Option<EnteredFrom>,
    /// The other workspaces that the person signed in to in this browser.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<OtherSignIn>,
    /// The time of the sign-in.
    pub created_at: Timestamp,
    /// The time at which the person last proved who they are after the sign-in; `None` if they did not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmed_at: Option<Timestamp>,
    /// The time of the last request, to within a minute.
    pub last_seen_at: Timestamp,
    /// The user's session epoch at sign-in: the session has ended when the user's is another one.
    pub epoch: u64,
    /// The token that writes must carry.
    pub csrf: String,
    /// Whether the user signed in with an initial password, and can only replace it.
    pub must_replace_password: bool,
    /// What has to be done before anything else; `None` if nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub awaits: Option<SessionStep>,
    /// When the identity provider ends the session, whatever it is used for; `None` if it does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_by: Option<Timestamp>,
    /// The rough name of the browser, as people see it; empty for sessions of earlier versions.
    #[serde(default)]
    pub browser: String,
}

impl Session {
    /// Returns the time at which the person last proved who they are: at the sign-in, or since.
    pub fn last_confirmed_at(&self) -> Timestamp {
        self.confirmed_at.unwrap_or(self.created_at)
    }

    /// Returns the workspace whose user the person is: the one that they act in, or its parent company's.
    pub fn home(&self) -> &WorkspaceId {
        let from = self.entered_from.as_ref();
        from.map_or(&self.workspace_id, |from| &from.workspace_id)
    }
}

/// A session, with the name that it is stored under.
#[derive(Clone, Debug)]
pub struct StoredSession {
    /// The hash of the session's token.
    pub token_hash: String,
    /// The session.
    pub session: Session,
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

/// What the keys of sessions begin with.
const PREFIX: &str = "session#";

fn session_key(token_hash: &str) -> Item {
    key([("key", &format!("{PREFIX}{token_hash}"))])
}

/// Returns the key of the index of a user's sessions.
fn owner(workspace_id: &WorkspaceId, user_id: &UserId) -> AttributeValue {
    text(format!("{workspace_id}#{user_id}"))
}

fn session_item(token_hash: &str, session: &Session) -> Result<Item, StoreError> {
    let mut item = to_item(session, "session")?;
    item.extend(session_key(token_hash));
    let owner = owner(session.home(), &session.user_id);
    item.insert("user".into(), owner);
    Ok(item)
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
        let item = session_item(token_hash, session)?;
        self.put_short_lived(item, ends_at).await
    }

    /// Stores a session as [`Store::put_session`] does, with a mail about it, if there is one, and what the audit trail
    /// of the session's workspace says, or nothing.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn put_recorded_session(
        &self,
        token_hash: &str,
        session: &Session,
        ends_at: Timestamp,
        mail: Option<&OutboxMail>,
        event: &AuditEvent,
    ) -> Result<(), StoreError> {
        let mut item = session_item(token_hash, session)?;
        expire_at(&mut item, ends_at);
        let mut items = vec![
            put(Put::builder()
                .table_name(&self.tables.sessions)
                .set_item(Some(item)))?,
            self.audit_item(&session.workspace_id, event)?,
        ];
        if let Some(mail) = mail {
            items.push(self.outbox_item(&session.workspace_id, mail)?);
        }
        self.execute(items, FirstItem::Other).await
    }

    /// Returns the sessions of a user, also those that have ended. The index that they are read from may
    /// lag behind by a moment.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn sessions_of(
        &self,
        workspace_id: &WorkspaceId,
        user_id: &UserId,
    ) -> Result<Vec<StoredSession>, StoreError> {
        let query = self
            .db
            .query()
            .table_name(&self.tables.sessions)
            .index_name("user")
            .key_condition_expression("#user = :user")
            .expression_attribute_names("#user", "user")
            .expression_attribute_values(":user", owner(workspace_id, user_id));
        let stored = |item: Item| {
            let key = string(&item, "key").unwrap_or_default();
            let token_hash = key.strip_prefix(PREFIX).unwrap_or(key).to_owned();
            let session = from_item(item, "session")?;
            Ok(StoredSession {
                token_hash,
                session,
            })
        };
        query_items(query).await?.into_iter().map(stored).collect()
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

    /// Notes that what a session awaits was done, unless it has ended.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn session_awaits_nothing(&self, token_hash: &str) -> Result<(), StoreError> {
        let answer = self
            .db
            .update_item()
            .table_name(&self.tables.sessions)
            .set_key(Some(session_key(token_hash)))
            .update_expression("REMOVE awaits")
            .condition_expression("attribute_exists(#key)")
            .expression_attribute_names("#key", "key")
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
        self.put(&self.tables.sessions, item).await
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
