//! Users, in the table `users`.
//!
//! `workspace_id`, `user_id`, the fields of [`User`], and those of [`CredentialHashes`]. `version`
//! grows with every change, which names the version that it was decided on. `session_epoch` grows
//! when all sessions of the user end. `last_sign_in` is the time of the last sign-in, with which no version grows.
//! [`transaction`](crate::transaction) creates, changes and deletes users.

mod every_user;
mod initial_password_holders;

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_dynamodb::types::Update;
use domain::{EmailAddress, UnreadableUser, User, UserId, WorkspaceId};
use jiff::Timestamp;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::error::{StoreError, if_condition_held};
use crate::store::{Item, Store, key, number, read, readable, string, text};
use crate::transaction::{FirstItem, update};

/// The hashes that sign a user in. They are read where somebody signs in, never by the sync.
#[derive(Clone, Default, Deserialize)]
pub struct CredentialHashes {
    /// The argon2id hash of the password that the user chose; `None` if there is none.
    #[serde(default)]
    pub password_hash: Option<String>,
    /// The hash of the initial password; `None` if there is none.
    #[serde(default)]
    pub initial_password_hash: Option<String>,
    /// The hash of the open invitation's secret; `None` if there is none.
    #[serde(default)]
    pub invitation_hash: Option<String>,
    /// The address at which the user opened a mailed link, so that it is known to be theirs. It may
    /// not be the present one.
    #[serde(default)]
    pub proven_email: Option<EmailAddress>,
    /// The epoch of the sessions that are valid; sessions of another epoch have ended.
    #[serde(default)]
    pub session_epoch: u64,
}

/// A user, and when they last signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserAndSignIn {
    /// The user.
    pub user: User,
    /// The time of the last sign-in; `None` if there was none, or only before it was noted.
    pub last_sign_in: Option<Timestamp>,
}

/// The users of a workspace.
#[derive(Clone, Debug, Default)]
pub struct StoredUsers {
    /// Those whose records can be read.
    pub users: Vec<User>,
    /// Those whose records cannot be read, which was logged.
    pub unreadable: Vec<UnreadableUser>,
}

#[derive(Deserialize)]
struct NamedUser {
    user_id: UserId,
    name: String,
}

/// Returns the key of a user; `partition` is the workspace's id, or that of its deleted users.
pub(crate) fn user_key(partition: &str, user_id: &UserId) -> Item {
    key([("workspace_id", partition), ("user_id", user_id.as_str())])
}

/// Returns one attribute of an item, if it can be read.
fn attribute_of<T: DeserializeOwned>(item: &Item, name: &str) -> Option<T> {
    serde_dynamo::from_attribute_value(item.get(name)?.clone()).ok()
}

impl Store {
    /// Returns one user with the last sign-in, unless it does not exist or was deleted.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn user_and_sign_in(
        &self,
        workspace_id: &WorkspaceId,
        user_id: &UserId,
    ) -> Result<Option<UserAndSignIn>, StoreError> {
        let key = user_key(workspace_id.as_str(), user_id);
        let Some(item) = self.get(&self.tables.users, key).await? else {
            return Ok(None);
        };
        Ok(Some(UserAndSignIn {
            last_sign_in: attribute_of(&item, "last_sign_in"),
            user: read(&item, "user")?,
        }))
    }

    /// Returns the names of those of these users who exist, a hundred a request.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn names_of_users(
        &self,
        workspace_id: &WorkspaceId,
        user_ids: impl IntoIterator<Item = &UserId>,
    ) -> Result<BTreeMap<UserId, String>, StoreError> {
        let user_ids = user_ids.into_iter();
        let keys: Vec<Item> = user_ids
            .map(|user_id| user_key(workspace_id.as_str(), user_id))
            .collect();
        let items = self.batch_get(&self.tables.users, &keys, None).await?;
        let items = items.into_iter();
        let users = items.filter_map(|item| readable::<NamedUser>(&item, "user"));
        Ok(users.map(|user| (user.user_id, user.name)).collect())
    }

    /// Returns those of these users who exist and whose records can be read, in the order of their ids, a hundred a
    /// request.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn users_by_id(
        &self,
        workspace_id: &WorkspaceId,
        user_ids: &BTreeSet<UserId>,
    ) -> Result<Vec<User>, StoreError> {
        let items = self.items_by_id(workspace_id, user_ids).await?;
        Ok(items
            .iter()
            .filter_map(|item| readable(item, "user"))
            .collect())
    }

    /// Returns the items of these users, in the order of their ids.
    async fn items_by_id(
        &self,
        workspace_id: &WorkspaceId,
        user_ids: &BTreeSet<UserId>,
    ) -> Result<Vec<Item>, StoreError> {
        let key_of = |user_id| user_key(workspace_id.as_str(), user_id);
        let keys: Vec<Item> = user_ids.iter().map(key_of).collect();
        let mut items = self.batch_get(&self.tables.users, &keys, None).await?;
        items.sort_by(|one, other| string(one, "user_id").cmp(&string(other, "user_id")));
        Ok(items)
    }

    /// Returns one user, unless it does not exist or was deleted.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn user(
        &self,
        workspace_id: &WorkspaceId,
        user_id: &UserId,
    ) -> Result<Option<User>, StoreError> {
        let user = self.user_with_hashes(workspace_id, user_id).await?;
        Ok(user.map(|(user, _)| user))
    }

    /// Returns one user with the hashes that sign it in.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn user_with_hashes(
        &self,
        workspace_id: &WorkspaceId,
        user_id: &UserId,
    ) -> Result<Option<(User, CredentialHashes)>, StoreError> {
        let key = user_key(workspace_id.as_str(), user_id);
        let Some(item) = self.get(&self.tables.users, key).await? else {
            return Ok(None);
        };
        Ok(Some((read(&item, "user")?, read(&item, "hashes")?)))
    }

    /// Returns those of the users who exist, each with their workspace and the hashes that sign them in.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn users_with_hashes(
        &self,
        users: &[(WorkspaceId, UserId)],
    ) -> Result<Vec<(WorkspaceId, User, CredentialHashes)>, StoreError> {
        let keys = users
            .iter()
            .map(|(workspace_id, user_id)| user_key(workspace_id.as_str(), user_id));
        let keys: Vec<Item> = keys.collect();
        let items = self.batch_get(&self.tables.users, &keys, None).await?;
        let account = |item: Item| {
            let workspace_id = string(&item, "workspace_id").unwrap_or_default();
            let workspace_id = WorkspaceId::new(workspace_id);
            let hashes = readable(&item, "hashes")?;
            Some((workspace_id, readable(&item, "user")?, hashes))
        };
        Ok(items.into_iter().filter_map(account).collect())
    }

    /// Ends every session of a user. For a user who does not exist it succeeds after the same time.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn end_sessions(
        &self,
        workspace_id: &WorkspaceId,
        user_id: &UserId,
    ) -> Result<(), StoreError> {
        let answer = self
            .db
            .update_item()
            .table_name(&self.tables.users)
            .set_key(Some(user_key(workspace_id.as_str(), user_id)))
            .update_expression("ADD session_epoch :one")
            .condition_expression("attribute_exists(user_id)")
            .expression_attribute_values(":one", number(1))
            .send()
            .await;
        if_condition_held("UpdateItem", answer).map(|_| ())
    }

    /// Stores the end of the invitation of `after`, who is `before` but for that and the version. Returns whether
    /// `before` is as stored; otherwise nothing is written. Many mails of a workspace go out late at once, so this is
    /// no transaction, which would conflict with the others, and the console may show the new end a minute later.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn extend_invitation(
        &self,
        workspace_id: &WorkspaceId,
        before: &User,
        after: &User,
    ) -> Result<bool, StoreError> {
        let Some(invitation) = &after.invitation else {
            return Ok(false);
        };
        let answer = self
            .db
            .update_item()
            .table_name(&self.tables.users)
            .set_key(Some(user_key(workspace_id.as_str(), &before.user_id)))
            .update_expression("SET #invitation.expires_at = :ends, version = :next")
            .condition_expression("version = :seen")
            .expression_attribute_names("#invitation", "invitation")
            .expression_attribute_values(":ends", text(invitation.expires_at.to_string()))
            .expression_attribute_values(":next", number(after.version))
            .expression_attribute_values(":seen", number(before.version))
            .send()
            .await;
        if if_condition_held("UpdateItem", answer)?.is_none() {
            return Ok(false);
        }
        self.count_shown_later(workspace_id).await?;
        Ok(true)
    }

    /// Notes on the user's invitation number `serial` that its mail bounced or was reported as spam:
    /// `note` is the sentence on the screen. Returns whether that invitation is still open; otherwise
    /// nothing is written.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn note_bounce(
        &self,
        workspace_id: &WorkspaceId,
        user_id: &UserId,
        serial: u32,
        note: &str,
    ) -> Result<bool, StoreError> {
        let noted = Update::builder()
            .table_name(&self.tables.users)
            .set_key(Some(user_key(workspace_id.as_str(), user_id)))
            // The version grows as well: a change that was decided without the note is refused.
            .update_expression("SET #invitation.#bounced = :note ADD version :one")
            .condition_expression("#invitation.#serial = :serial")
            .expression_attribute_names("#invitation", "invitation")
            .expression_attribute_names("#bounced", "bounced")
            .expression_attribute_names("#serial", "serial")
            .expression_attribute_values(":note", text(note))
            .expression_attribute_values(":one", number(1))
            .expression_attribute_values(":serial", number(serial));
        let items = vec![update(noted)?, self.edit_item(workspace_id)?];
        match self.execute(items, FirstItem::Other).await {
            Ok(()) => Ok(true),
            Err(StoreError::Conflict(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }
}
