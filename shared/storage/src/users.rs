//! Users: `workspace_id`, `user_id`.

use aws_sdk_dynamodb::types::AttributeValue;
use domain::{EmailAddress, EmployeeCode, Identifier, Interner, User, UserId, WorkspaceId};
use serde::Deserialize;

use crate::error::StoreError;
use crate::store::{Item, Store, from_item, number, text};

/// The hashes that sign a user in. Read only where somebody signs in; the sync never sees them.
#[derive(Clone, Default, Deserialize)]
pub struct Hashes {
    /// Argon2id, of a password of the user's own.
    #[serde(default)]
    pub password_hash: Option<String>,
    /// Of the initial password.
    #[serde(default)]
    pub initial_password_hash: Option<String>,
    /// Of the open invitation's secret.
    #[serde(default)]
    pub invitation_hash: Option<String>,
    /// Sessions of another epoch are over.
    #[serde(default)]
    pub session_epoch: u64,
}

/// The key under which an identifier is reserved.
pub(crate) fn identifier_key(workspace_id: &WorkspaceId, identifier: &Identifier) -> Item {
    let key = match identifier {
        Identifier::Email(email) => format!("email#{email}"),
        Identifier::Code(code) => format!("code#{workspace_id}#{code}"),
    };
    Item::from([
        ("identifier".into(), text(key)),
        ("workspace_id".into(), text(workspace_id.as_str())),
    ])
}

pub(crate) fn user_key(workspace_id: &str, user_id: &UserId) -> Item {
    Item::from([
        ("workspace_id".into(), text(workspace_id)),
        ("user_id".into(), text(user_id.as_str())),
    ])
}

/// What the sync reads of a user: everything but the hashes.
const USER_ATTRIBUTES: &str = "user_id, #name, email, code, #role, login_method, #groups, #status, \
     link, synced_group, invitation, credential, serial, version";
const RESERVED_WORDS: [(&str, &str); 4] = [
    ("#name", "name"),
    ("#role", "role"),
    ("#groups", "groups"),
    ("#status", "status"),
];

impl Store {
    /// Every user of a workspace, read consistently, about 2,500 a request.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn users(&self, workspace_id: &WorkspaceId) -> Result<Vec<User>, StoreError> {
        let (mut users, mut interner) = (Vec::new(), Interner::default());
        let mut after = None;
        loop {
            let (page, next) = self.users_page(workspace_id, after, None).await?;
            users.extend(page.into_iter().map(|user| interner.share(user)));
            match next {
                Some(next) => after = Some(next),
                None => return Ok(users),
            }
        }
    }

    /// One page of a workspace's users, in the order of their ids, and the user to go on after.
    /// `limit` of `None` is what fits into one answer (1 MB).
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn users_page(
        &self,
        workspace_id: &WorkspaceId,
        after: Option<UserId>,
        limit: Option<i32>,
    ) -> Result<(Vec<User>, Option<UserId>), StoreError> {
        let mut query = self
            .db
            .query()
            .table_name(&self.tables.users)
            .consistent_read(true)
            .key_condition_expression("workspace_id = :workspace")
            .expression_attribute_values(":workspace", text(workspace_id.as_str()))
            .projection_expression(USER_ATTRIBUTES)
            .set_limit(limit);
        for (placeholder, word) in RESERVED_WORDS {
            query = query.expression_attribute_names(placeholder, word);
        }
        let start = after.map(|after| user_key(workspace_id.as_str(), &after));
        let page = query
            .set_exclusive_start_key(start)
            .send()
            .await
            .map_err(StoreError::from_sdk("Query"))?;
        let next = page
            .last_evaluated_key
            .and_then(|mut key| key.remove("user_id"))
            .and_then(|id| id.as_s().ok().map(UserId::new));
        let users = page
            .items
            .unwrap_or_default()
            .into_iter()
            .map(|item| from_item(item, "user"))
            .collect::<Result<_, _>>()?;
        Ok((users, next))
    }

    /// The users who have an initial password, each with the hash of it.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn users_with_initial_password(
        &self,
        workspace_id: &WorkspaceId,
    ) -> Result<Vec<(User, String)>, StoreError> {
        let mut query = self
            .db
            .query()
            .table_name(&self.tables.users)
            .consistent_read(true)
            .key_condition_expression("workspace_id = :workspace")
            .filter_expression("attribute_exists(initial_password_hash)")
            .expression_attribute_values(":workspace", text(workspace_id.as_str()))
            .projection_expression(format!("{USER_ATTRIBUTES}, initial_password_hash"));
        for (placeholder, word) in RESERVED_WORDS {
            query = query.expression_attribute_names(placeholder, word);
        }
        let mut pages = query.into_paginator().send();
        let mut users = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(StoreError::from_sdk("Query"))?;
            for item in page.items.unwrap_or_default() {
                let hash = item
                    .get("initial_password_hash")
                    .and_then(string)
                    .map(str::to_owned);
                if let Some(hash) = hash {
                    users.push((from_item(item, "user")?, hash));
                }
            }
        }
        Ok(users)
    }

    /// One user, if it exists and was not deleted.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn user(
        &self,
        workspace_id: &WorkspaceId,
        user_id: &UserId,
    ) -> Result<Option<User>, StoreError> {
        Ok(self
            .user_with_hashes(workspace_id, user_id)
            .await?
            .map(|(user, _)| user))
    }

    /// One user with what signs it in.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn user_with_hashes(
        &self,
        workspace_id: &WorkspaceId,
        user_id: &UserId,
    ) -> Result<Option<(User, Hashes)>, StoreError> {
        let Some(item) = self.raw_user(workspace_id.as_str(), user_id).await? else {
            return Ok(None);
        };
        let hashes = from_item(item.clone(), "hashes")?;
        Ok(Some((from_item(item, "user")?, hashes)))
    }

    /// Ends every session of a user. Does nothing, in the same time, when there is no such user.
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
            .await
            .map_err(StoreError::from_sdk("UpdateItem"));
        match answer {
            Err(error) if !error.is_condition() => Err(error),
            _ => Ok(()),
        }
    }

    /// The whole item of a user; `partition` is the workspace id, or that of its deleted users.
    pub(crate) async fn raw_user(
        &self,
        partition: &str,
        user_id: &UserId,
    ) -> Result<Option<Item>, StoreError> {
        let answer = self
            .db
            .get_item()
            .table_name(&self.tables.users)
            .set_key(Some(user_key(partition, user_id)))
            .consistent_read(true)
            .send()
            .await
            .map_err(StoreError::from_sdk("GetItem"))?;
        Ok(answer.item)
    }

    /// Who has an e-mail address, in whichever workspaces.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn holders_of_email(
        &self,
        email: &EmailAddress,
    ) -> Result<Vec<(WorkspaceId, UserId)>, StoreError> {
        let answer = self
            .db
            .query()
            .table_name(&self.tables.identifiers)
            .consistent_read(true)
            .key_condition_expression("identifier = :email")
            .expression_attribute_values(":email", text(format!("email#{}", email.key())))
            .send()
            .await
            .map_err(StoreError::from_sdk("Query"))?;
        Ok(answer.items().iter().filter_map(holder).collect())
    }

    /// Who has an employee code in a workspace.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn holder_of_code(
        &self,
        workspace_id: &WorkspaceId,
        code: &EmployeeCode,
    ) -> Result<Option<UserId>, StoreError> {
        let identifier = Identifier::Code(code.as_str().to_owned());
        let answer = self
            .db
            .get_item()
            .table_name(&self.tables.identifiers)
            .set_key(Some(identifier_key(workspace_id, &identifier)))
            .consistent_read(true)
            .send()
            .await
            .map_err(StoreError::from_sdk("GetItem"))?;
        Ok(answer
            .item
            .as_ref()
            .and_then(holder)
            .map(|(_, user_id)| user_id))
    }
}

fn holder(item: &Item) -> Option<(WorkspaceId, UserId)> {
    let field = |name: &str| item.get(name).and_then(string);
    Some((
        WorkspaceId::new(field("workspace_id")?),
        UserId::new(field("user_id")?),
    ))
}

fn string(value: &AttributeValue) -> Option<&str> {
    value.as_s().ok().map(String::as_str)
}
