//! The users who have an initial password, each with its hash.

use std::collections::BTreeSet;

use domain::{Interner, User, UserId, WorkspaceId};
use serde::Deserialize;

use super::every_user::USER_ATTRIBUTES;
use crate::error::StoreError;
use crate::store::{Item, Store, readable};

#[derive(Deserialize)]
struct UserWithInitialPassword {
    #[serde(flatten)]
    user: User,
    initial_password_hash: String,
}

/// Returns the users in these items, each with the hash of the initial password. Those who cannot be read are left out.
fn with_initial_password<'a>(
    items: &'a [Item],
    interner: &'a mut Interner,
) -> impl Iterator<Item = (User, String)> + 'a {
    let users = items
        .iter()
        .filter_map(|item| readable::<UserWithInitialPassword>(item, "user"));
    users.map(|with| (interner.share(with.user), with.initial_password_hash))
}

impl Store {
    /// Returns all users who have an initial password, each with its hash. Reads everybody, page by page, so that the
    /// items of one page only are in memory beside the users.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub(crate) async fn users_with_initial_password(
        &self,
        workspace_id: &WorkspaceId,
    ) -> Result<Vec<(User, String)>, StoreError> {
        let query = self
            .users_query(workspace_id)
            .filter_expression("attribute_exists(initial_password_hash)")
            .projection_expression(format!("{USER_ATTRIBUTES}, initial_password_hash"));
        let (mut users, mut interner) = (Vec::new(), Interner::default());
        let mut pages = query.into_paginator().send();
        while let Some(page) = pages.next().await {
            let page = page.map_err(StoreError::from_sdk("Query"))?;
            users.extend(with_initial_password(page.items(), &mut interner));
        }
        Ok(users)
    }

    /// Returns those of these users who have an initial password, each with its hash.
    pub(crate) async fn those_with_initial_password(
        &self,
        workspace_id: &WorkspaceId,
        user_ids: &BTreeSet<UserId>,
    ) -> Result<Vec<(User, String)>, StoreError> {
        let mut items = self.items_by_id(workspace_id, user_ids).await?;
        items.retain(|item| item.contains_key("initial_password_hash"));
        Ok(with_initial_password(&items, &mut Interner::default()).collect())
    }
}
