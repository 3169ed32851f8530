//! Every user of a workspace, page by page and without the hashes.

use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use domain::{Interner, UnreadableUser, User, UserId, WorkspaceId};

use super::{StoredUsers, UserAndSignIn, attribute_of, user_key};
use crate::error::StoreError;
use crate::store::{Item, Store, from_item, readable, string, text, unreadable_attribute};

/// All attributes of a user but the hashes.
pub(super) const USER_ATTRIBUTES: &str = "user_id, #name, email, code, #role, login_method, #groups, #status, \
     link, synced_group, invitation, credential, serial, version, emergency, admin_since, added_by";
const RESERVED_WORDS: [(&str, &str); 4] = [
    ("#name", "name"),
    ("#role", "role"),
    ("#groups", "groups"),
    ("#status", "status"),
];

impl Store {
    /// Returns every user of a workspace whose record can be read, consistently, about 2,500 a request.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn users(&self, workspace_id: &WorkspaceId) -> Result<Vec<User>, StoreError> {
        Ok(self.all_users(workspace_id).await?.users)
    }

    /// Returns every user of a workspace, those included whose records cannot be read, as [`Store::users`] does.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn all_users(&self, workspace_id: &WorkspaceId) -> Result<StoredUsers, StoreError> {
        let (mut all, mut interner) = (StoredUsers::default(), Interner::default());
        let mut after = None;
        loop {
            let (page, next) = self.page(workspace_id, after, None).await?;
            let users = page.users.into_iter().map(|user| interner.share(user));
            all.users.extend(users);
            all.unreadable.extend(page.unreadable);
            match next {
                Some(next) => after = Some(next),
                None => return Ok(all),
            }
        }
    }

    /// Returns one page of a workspace's users in the order of their ids, and the user after whom the
    /// next page begins; `None` at the end. Without a `limit` a page is what fits into one answer
    /// (1 MB). Users whose records cannot be read are left out.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn users_page(
        &self,
        workspace_id: &WorkspaceId,
        after: Option<UserId>,
        limit: Option<i32>,
    ) -> Result<(Vec<User>, Option<UserId>), StoreError> {
        let (page, next) = self.page(workspace_id, after, limit).await?;
        Ok((page.users, next))
    }

    /// Returns every user of a workspace whose record can be read, each with the last sign-in, in the order of their
    /// ids; and the number of those whose records cannot be read, which is logged.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn users_and_sign_ins(
        &self,
        workspace_id: &WorkspaceId,
    ) -> Result<(Vec<UserAndSignIn>, usize), StoreError> {
        let attributes = &format!("{USER_ATTRIBUTES}, last_sign_in");
        let (mut users, mut unreadable) = (Vec::new(), 0);
        let mut interner = Interner::default();
        let mut after = None;
        loop {
            let (items, next) = self.items(workspace_id, after, None, attributes).await?;
            for item in items {
                let last_sign_in = attribute_of(&item, "last_sign_in");
                match readable(&item, "user") {
                    Some(user) => users.push(UserAndSignIn {
                        user: interner.share(user),
                        last_sign_in,
                    }),
                    None => unreadable += 1,
                }
            }
            match next {
                Some(next) => after = Some(next),
                None => return Ok((users, unreadable)),
            }
        }
    }

    async fn page(
        &self,
        workspace_id: &WorkspaceId,
        after: Option<UserId>,
        limit: Option<i32>,
    ) -> Result<(StoredUsers, Option<UserId>), StoreError> {
        let page = self.items(workspace_id, after, limit, USER_ATTRIBUTES);
        let (items, next) = page.await?;
        let mut stored = StoredUsers::default();
        for item in items {
            let user_id = UserId::new(string(&item, "user_id").unwrap_or_default());
            match from_item(item, "user") {
                Ok(user) => stored.users.push(user),
                Err(_) => stored
                    .unreadable
                    .extend(self.unreadable_user(workspace_id, user_id).await?),
            }
        }
        Ok((stored, next))
    }

    /// Returns these attributes of one page of users, as [`Store::users_page`] does.
    async fn items(
        &self,
        workspace_id: &WorkspaceId,
        after: Option<UserId>,
        limit: Option<i32>,
        attributes: &str,
    ) -> Result<(Vec<Item>, Option<UserId>), StoreError> {
        let start = after.map(|after| user_key(workspace_id.as_str(), &after));
        let page = self
            .users_query(workspace_id)
            .projection_expression(attributes)
            .set_limit(limit)
            .set_exclusive_start_key(start)
            .send()
            .await
            .map_err(StoreError::from_sdk("Query"))?;
        let next = page
            .last_evaluated_key
            .and_then(|mut key| key.remove("user_id"))
            .and_then(|id| id.as_s().ok().map(UserId::new));
        Ok((page.items.unwrap_or_default(), next))
    }

    /// Returns what can be read of a user whose record cannot be read as a whole, and logs the attribute. It is read
    /// once more, so that others need not be kept twice.
    async fn unreadable_user(
        &self,
        workspace_id: &WorkspaceId,
        user_id: UserId,
    ) -> Result<Option<UnreadableUser>, StoreError> {
        let key = user_key(workspace_id.as_str(), &user_id);
        let Some(item) = self.get(&self.tables.users, key).await? else {
            return Ok(None);
        };
        let attribute = unreadable_attribute::<User>(&item);
        tracing::error!(%workspace_id, %user_id, attribute, "a stored user cannot be read");
        Ok(Some(UnreadableUser {
            user_id,
            attribute,
            crew_link: attribute_of(&item, "link"),
            email: attribute_of(&item, "email"),
            code: attribute_of(&item, "code"),
        }))
    }

    pub(super) fn users_query(&self, workspace_id: &WorkspaceId) -> QueryFluentBuilder {
        let query = self
            .db
            .query()
            .table_name(&self.tables.users)
            .consistent_read(true)
            .key_condition_expression("workspace_id = :workspace")
            .expression_attribute_values(":workspace", text(workspace_id.as_str()));
        RESERVED_WORDS
            .into_iter()
            .fold(query, |query, (placeholder, word)| {
                query.expression_attribute_names(placeholder, word)
            })
    }
}
