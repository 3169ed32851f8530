//! Sessions, OAuth states and sign-in guesses: short-lived things under one key each.

use std::fmt;

use aws_sdk_dynamodb::types::ReturnValue;
use domain::{UserId, WorkspaceId};
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::error::StoreError;
use crate::store::{Item, Store, from_item, number, text, to_item};

/// Somebody who is signed in.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Where.
    pub workspace_id: WorkspaceId,
    /// Who.
    pub user_id: UserId,
    /// When.
    pub created_at: Timestamp,
    /// When it was last used, to within a minute.
    pub last_seen_at: Timestamp,
    /// The user's session epoch at sign-in; another one ends the session.
    pub epoch: u64,
    /// What writes must carry.
    pub csrf: String,
    /// Signed in with an initial password: may do nothing but replace it.
    pub must_replace_password: bool,
}

/// Without what writes must carry.
impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("workspace_id", &self.workspace_id)
            .field("user_id", &self.user_id)
            .field("created_at", &self.created_at)
            .finish_non_exhaustive()
    }
}

/// An admin who was sent to SmartHR and has not come back.
#[derive(Clone, Serialize, Deserialize)]
pub struct OAuthState {
    /// For which workspace.
    pub workspace_id: WorkspaceId,
    /// Who.
    pub user_id: UserId,
    /// From which session: the callback must come with the same one.
    pub session_hash: String,
    /// PKCE (RFC 7636).
    pub pkce_verifier: String,
    /// The subdomain, when the admin came from SmartHR with one.
    pub subdomain: Option<String>,
    /// When it is void.
    pub expires_at: Timestamp,
}

/// What was guessed so far at something, as it was read.
#[derive(Clone, Debug, Default)]
pub struct Guesses<T> {
    /// The record.
    pub value: T,
    /// Grows with every write; 0 = not stored yet.
    pub version: u64,
}

#[derive(Deserialize)]
struct Counted {
    version: u64,
}

impl Store {
    /// Keeps a session under the hash of its token until `ends_at`.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn put_session(
        &self,
        token_hash: &str,
        session: &Session,
        ends_at: Timestamp,
    ) -> Result<(), StoreError> {
        self.put_short_lived(&format!("session#{token_hash}"), session, ends_at)
            .await
    }

    /// The session of a token, if there is one. Whether it still holds is for the caller to say.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn session(&self, token_hash: &str) -> Result<Option<Session>, StoreError> {
        self.short_lived(&format!("session#{token_hash}")).await
    }

    /// Notes that a session was used, unless it ended meanwhile: a session that was signed out of
    /// does not come back.
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
            .key("key", text(format!("session#{token_hash}")))
            .update_expression("SET last_seen_at = :now, #ttl = :ttl")
            .condition_expression("attribute_exists(#key)")
            .expression_attribute_names("#ttl", "ttl")
            .expression_attribute_names("#key", "key")
            .expression_attribute_values(":now", text(now.to_string()))
            .expression_attribute_values(":ttl", number(ends_at.as_second()))
            .send()
            .await
            .map_err(StoreError::from_sdk("UpdateItem"));
        match answer {
            Err(error) if !error.is_condition() => Err(error),
            _ => Ok(()),
        }
    }

    /// Ends a session.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn delete_session(&self, token_hash: &str) -> Result<(), StoreError> {
        self.take_item(&format!("session#{token_hash}"))
            .await
            .map(|_| ())
    }

    /// Keeps an OAuth state under its hash until it is void.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn put_oauth_state(
        &self,
        state_hash: &str,
        state: &OAuthState,
    ) -> Result<(), StoreError> {
        self.put_short_lived(
            &format!("oauth-state#{state_hash}"),
            state,
            state.expires_at,
        )
        .await
    }

    /// Uses an OAuth state up: whoever asks first gets it, nobody else does.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn take_oauth_state(
        &self,
        state_hash: &str,
    ) -> Result<Option<OAuthState>, StoreError> {
        self.take_item(&format!("oauth-state#{state_hash}"))
            .await?
            .map(|item| from_item(item, "OAuth state"))
            .transpose()
    }

    /// What was guessed so far at something, under a name of the caller's. Nothing yet is the
    /// default.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn guesses<T: DeserializeOwned + Default>(
        &self,
        of: &str,
    ) -> Result<Guesses<T>, StoreError> {
        let Some(item) = self.short_lived_item(&format!("guesses#{of}")).await? else {
            return Ok(Guesses::default());
        };
        let counted: Counted = from_item(item.clone(), "guesses")?;
        Ok(Guesses {
            value: from_item(item, "guesses")?,
            version: counted.version,
        })
    }

    /// Keeps what was guessed so far, decided on the version that was read, so that many guesses
    /// at once do not count as one.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when another guess was noted since.
    pub async fn put_guesses<T: Serialize>(
        &self,
        of: &str,
        guesses: &Guesses<T>,
        until: Timestamp,
    ) -> Result<(), StoreError> {
        let mut item = to_item(&guesses.value, "guesses")?;
        item.insert("key".into(), text(format!("guesses#{of}")));
        item.insert("ttl".into(), number(until.as_second()));
        item.insert("version".into(), number(guesses.version + 1));
        let put = self
            .db
            .put_item()
            .table_name(&self.tables.sessions)
            .set_item(Some(item));
        let put = if guesses.version == 0 {
            put.condition_expression("attribute_not_exists(version)")
        } else {
            put.condition_expression("version = :seen")
                .expression_attribute_values(":seen", number(guesses.version))
        };
        put.send()
            .await
            .map_err(StoreError::from_sdk("PutItem"))
            .map_err(|error| {
                if error.is_condition() {
                    StoreError::Conflict("another guess was noted")
                } else {
                    error
                }
            })?;
        Ok(())
    }

    /// Forgets what was guessed so far, after the right password.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn forget_guesses(&self, of: &str) -> Result<(), StoreError> {
        self.take_item(&format!("guesses#{of}")).await.map(|_| ())
    }

    pub(crate) async fn short_lived<T: DeserializeOwned>(
        &self,
        key: &str,
    ) -> Result<Option<T>, StoreError> {
        self.short_lived_item(key)
            .await?
            .map(|item| from_item(item, "session"))
            .transpose()
    }

    async fn short_lived_item(&self, key: &str) -> Result<Option<Item>, StoreError> {
        let answer = self
            .db
            .get_item()
            .table_name(&self.tables.sessions)
            .key("key", text(key))
            .consistent_read(true)
            .send()
            .await
            .map_err(StoreError::from_sdk("GetItem"))?;
        Ok(answer.item)
    }

    async fn put_short_lived<T: Serialize>(
        &self,
        key: &str,
        value: &T,
        until: Timestamp,
    ) -> Result<(), StoreError> {
        let mut item = to_item(value, "session")?;
        item.insert("key".into(), text(key));
        item.insert("ttl".into(), number(until.as_second()));
        self.db
            .put_item()
            .table_name(&self.tables.sessions)
            .set_item(Some(item))
            .send()
            .await
            .map_err(StoreError::from_sdk("PutItem"))?;
        Ok(())
    }

    pub(crate) async fn take_item(&self, key: &str) -> Result<Option<Item>, StoreError> {
        let answer = self
            .db
            .delete_item()
            .table_name(&self.tables.sessions)
            .key("key", text(key))
            .return_values(ReturnValue::AllOld)
            .send()
            .await
            .map_err(StoreError::from_sdk("DeleteItem"))?;
        Ok(answer.attributes)
    }
}
