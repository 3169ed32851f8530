//! Known browsers (OWASP's device cookies): a browser in which somebody signed in before has a budget of wrong
//! guesses of its own at that account, so that strangers who guess do not keep its person out. The cookie
//! signs nobody in: its thief gets that budget and no more.

use axum::http::{HeaderMap, HeaderValue};
use credentials::{Random, TokenHash};
use domain::time::later;
use domain::{UserId, WorkspaceId};
use jiff::{SignedDuration, Timestamp};
use secrecy::{ExposeSecret, SecretString};
use storage::{Store, StoreError};
use web::{known_browser_cookie, known_browser_token};

/// How long a browser is known after the last sign-in.
const LIFE: SignedDuration = SignedDuration::from_hours(180 * 24);
/// The length of a token: 256 bits in base64url.
const TOKEN_LENGTH: usize = 43;

/// A browser, by the token of its cookie.
pub(crate) struct KnownBrowser {
    token: SecretString,
}

impl KnownBrowser {
    /// Returns the browser of a request; without a cookie it gets a new token. People who share a browser
    /// share its token, and each account is known by itself.
    pub(crate) fn of(headers: &HeaderMap, random: &Random) -> Self {
        let token = known_browser_token(headers);
        let token = token.filter(|token| token.expose_secret().len() == TOKEN_LENGTH);
        Self {
            token: token.unwrap_or_else(|| random.token()),
        }
    }

    /// Returns the hash that stands for the browser together with an account.
    pub(crate) fn hash_with(&self, workspace_id: &WorkspaceId, user_id: &UserId) -> String {
        let token = self.token.expose_secret();
        let both = format!("{token} {workspace_id} {user_id}");
        TokenHash::of(&both.into()).as_str().to_owned()
    }

    /// Remembers that somebody signed in to the account in the browser. Returns the `Set-Cookie` header.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub(crate) async fn remember(
        &self,
        store: &Store,
        (workspace_id, user_id): (&WorkspaceId, &UserId),
        now: Timestamp,
    ) -> Result<HeaderValue, StoreError> {
        let hash = self.hash_with(workspace_id, user_id);
        store.remember_browser(&hash, later(now, LIFE)).await?;
        Ok(known_browser_cookie(&self.token, LIFE.as_secs()))
    }
}
