//! 「ユーザー管理」: the list of a workspace's users, and its search.

use domain::text::search_key;
use domain::{AwaitedLogin, Status, User, UserId};
use jiff::Timestamp;
use storage::StoreError;

use crate::accounts::Accounts;

/// The condition that listed users satisfy.
#[derive(Clone, Debug)]
pub struct UserFilter {
    /// The [`search_key`] of a part of a name, an address or a code; empty for every user.
    text: String,
    status: Option<Status>,
    awaited: Option<AwaitedLogin>,
}

impl UserFilter {
    /// Creates a filter from a search `text`, as typed, a status, and whose login is awaited; `None` means users
    /// of every status, and those who came in as well.
    pub fn new(text: &str, status: Option<Status>, awaited: Option<AwaitedLogin>) -> Self {
        Self {
            text: search_key(text),
            status,
            awaited,
        }
    }

    fn is_empty(&self) -> bool {
        self.text.is_empty() && self.status.is_none() && self.awaited.is_none()
    }

    fn matches(&self, user: &User, now: Timestamp) -> bool {
        let has = |text: &str| self.text.is_empty() || search_key(text).contains(&self.text);
        self.status.is_none_or(|status| status == user.status)
            && self.awaited.is_none_or(|awaited| awaited.is_of(user, now))
            && (has(&user.name)
                || user.email.as_ref().is_some_and(|email| has(email.as_str()))
                || user.code.as_ref().is_some_and(|code| has(code.as_str())))
    }
}

/// One page of a search.
#[derive(Debug)]
pub struct FoundUsers {
    /// The users on the page, in the order of their ids.
    pub users: Vec<User>,
    /// The last user on this page, which the next page starts after; `None` on the last page.
    pub next: Option<UserId>,
}

impl Accounts<'_> {
    /// Returns the first `limit` users after `after` that `filter` matches.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn search(
        &self,
        filter: &UserFilter,
        mut after: Option<UserId>,
        limit: usize,
    ) -> Result<FoundUsers, StoreError> {
        // Without a filter, the page and one more user show whether there is a next page.
        let page_size = filter
            .is_empty()
            .then(|| i32::try_from(limit + 1).unwrap_or(i32::MAX));
        let mut users: Vec<User> = Vec::new();
        loop {
            let (page, next) = self
                .store
                .users_page(self.workspace_id, after, page_size)
                .await?;
            for user in page
                .into_iter()
                .filter(|user| filter.matches(user, self.now))
            {
                if users.len() == limit {
                    let next = users.last().map(|last| last.user_id.clone());
                    return Ok(FoundUsers { users, next });
                }
                users.push(user);
            }
            match next {
                Some(next) => after = Some(next),
                None => return Ok(FoundUsers { users, next: None }),
            }
        }
    }
}
