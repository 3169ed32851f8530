//! Refreshes access tokens, and stores tokens so that no rotated refresh token is lost.

use std::time::Duration;

use domain::{Company, TenantId, WorkspaceId};
use jiff::{SignedDuration, Timestamp};
use lambda::backoff::Backoff;
use secrecy::ExposeSecret;
use smarthr::{AppCredentials, OAuthError, Tokens};
use storage::StoreError;
use storage::secrets::StoredTokens;
use tokio::time::{Instant, sleep};

use crate::connections::Connections;
use crate::tokens::{TokenError, TokenLock};

/// The remaining lifetime below which an access token is refreshed before use.
const LAST_MINUTES: SignedDuration = SignedDuration::from_mins(5);

/// The time limit of one refresh.
const LONGEST_REFRESH: Duration = Duration::from_secs(20);

/// The time that a refresh leaves of its deadline to store the rotated tokens. Deadlines end at least six seconds
/// before the function.
const TIME_TO_STORE: Duration = Duration::from_secs(5);

/// The shortest time for which SmartHR is asked: an answer that is not waited for may have rotated the token.
const SHORTEST_REFRESH: Duration = Duration::from_secs(3);

/// How long storing rotated tokens is tried: the old ones no longer work, and Secrets Manager takes 50 writes a second
/// of all workspaces together. The lock holds for half a minute more: it was renewed just before.
const STORE_PATIENCE: Duration = Duration::from_mins(1);

/// The upper bound of the first wait before storing is tried again.
const FIRST_STORE_WAIT: Duration = Duration::from_millis(500);

/// The upper bound of any wait before storing is tried again.
const LONGEST_STORE_WAIT: Duration = Duration::from_secs(5);

impl Connections {
    /// Returns the company's tokens: the stored ones, or refreshed ones when the access token expires
    /// soon or `refresh` is set because SmartHR does not accept it.
    pub(super) async fn valid_tokens(
        &self,
        workspace_id: &WorkspaceId,
        company: &Company,
        refresh: bool,
        deadline: Instant,
    ) -> Result<StoredTokens, TokenError> {
        let seen = self.stored(workspace_id, &company.tenant_id).await?;
        if !refresh && is_fresh(&seen, (self.clock)()) {
            return Ok(seen);
        }
        self.with_token_lock(workspace_id, deadline, |lock| {
            let seen = &seen;
            async move {
                self.refresh_with_lock(workspace_id, company, seen, &lock, deadline)
                    .await
            }
        })
        .await?
        .ok_or(TokenError::Unavailable)
    }

    async fn refresh_with_lock(
        &self,
        workspace_id: &WorkspaceId,
        company: &Company,
        seen: &StoredTokens,
        lock: &TokenLock,
        deadline: Instant,
    ) -> Result<StoredTokens, TokenError> {
        let deadline = deadline.min(lock.work_until);
        let mut current = self.stored(workspace_id, &company.tenant_id).await?;
        if !same_token(&current, seen) && is_fresh(&current, (self.clock)()) {
            // The function that had the lock before has refreshed them.
            return Ok(current);
        }
        loop {
            let refreshed = self
                .refresh(workspace_id, company, &current, lock, deadline)
                .await;
            if !matches!(refreshed, Err(TokenError::Refused)) {
                return refreshed;
            }
            // A function whose lock had expired may have rotated the token in between.
            let rotated = self.stored(workspace_id, &company.tenant_id).await?;
            if rotated.refresh_token.expose_secret() == current.refresh_token.expose_secret() {
                return Err(if lock.was_abandoned {
                    // The previous owner may be about to store rotated tokens.
                    TokenError::Unavailable
                } else {
                    TokenError::Refused
                });
            }
            if is_fresh(&rotated, (self.clock)()) {
                return Ok(rotated);
            }
            current = rotated;
        }
    }

    /// Refreshes the tokens, and stores the new refresh token before anybody uses the new access token.
    async fn refresh(
        &self,
        workspace_id: &WorkspaceId,
        company: &Company,
        seen: &StoredTokens,
        lock: &TokenLock,
        deadline: Instant,
    ) -> Result<StoredTokens, TokenError> {
        let current = Tokens {
            access_token: seen.access_token.clone(),
            refresh_token: seen.refresh_token.clone(),
            expires_at: seen.expires_at,
            tenant_id: company.tenant_id.clone(),
            subdomain: seen.subdomain.clone().or_else(|| company.subdomain.clone()),
        };
        let app = self.app().await?;
        let Some(deadline) = end_of_refresh(deadline, Instant::now()) else {
            tracing::warn!(
                "too little time is left to refresh the access token and store the new one"
            );
            return Err(TokenError::Unavailable);
        };
        let refreshed = self
            .smarthr
            .refresh(&app, &current, (self.clock)(), deadline)
            .await;
        match refreshed {
            Ok(tokens) => {
                let tokens = stored_form(tokens);
                if let Some(newer) = self.overtaken(workspace_id, company, seen, lock).await? {
                    return Ok(newer);
                }
                self.store_tokens(workspace_id, &company.tenant_id, &tokens)
                    .await?;
                Ok(tokens)
            }
            Err(OAuthError::Refused) => Err(TokenError::Refused),
            Err(error @ OAuthError::Misconfigured(_)) => {
                tracing::error!(%error, "the access token was not refreshed");
                Err(TokenError::ClientRefused)
            }
            Err(error @ OAuthError::Failed(_)) => {
                tracing::warn!(%error, "the access token was not refreshed");
                Err(TokenError::Unavailable)
            }
        }
    }

    /// Returns the newer tokens that another owner of the lock stored, if there are any. Without an
    /// answer from AWS it assumes none: the old refresh token may be dead, and the new one must be
    /// stored.
    async fn overtaken(
        &self,
        workspace_id: &WorkspaceId,
        company: &Company,
        seen: &StoredTokens,
        lock: &TokenLock,
    ) -> Result<Option<StoredTokens>, TokenError> {
        match self.renew(workspace_id, lock).await {
            Ok(true) => return Ok(None),
            Ok(false) => {}
            Err(error) => {
                tracing::warn!(%error, "the token lock was not renewed");
                return Ok(None);
            }
        }
        match self.stored(workspace_id, &company.tenant_id).await {
            Ok(stored) => Ok(Some(stored).filter(|stored| !same_token(stored, seen))),
            // The connection was ended in between.
            Err(TokenError::Refused) => Err(TokenError::Refused),
            Err(error) => {
                tracing::warn!(%error, "the stored tokens were not read");
                Ok(None)
            }
        }
    }

    /// Stores tokens in Secrets Manager; tries for a minute, with waits of random lengths, so that functions that were
    /// refused together do not come again together.
    pub(crate) async fn store_tokens(
        &self,
        workspace_id: &WorkspaceId,
        tenant_id: &TenantId,
        tokens: &StoredTokens,
    ) -> Result<(), StoreError> {
        let mut backoff = Backoff::begin(FIRST_STORE_WAIT, LONGEST_STORE_WAIT, STORE_PATIENCE);
        loop {
            let put = self
                .secrets
                .put_tokens(workspace_id, tenant_id, tokens)
                .await;
            match put {
                Err(error) if !error.is_lasting() => {
                    let Some(wait) = backoff.next_wait(self.random.jitter()) else {
                        return Err(error);
                    };
                    tracing::warn!(%error, "the tokens were not stored; trying again");
                    sleep(wait).await;
                }
                outcome => return outcome,
            }
        }
    }

    /// Returns the credentials of our OAuth client at SmartHR.
    pub(crate) async fn app(&self) -> Result<AppCredentials, StoreError> {
        let credentials = self.secrets.client_credentials().await?;
        Ok(AppCredentials {
            client_id: credentials.client_id,
            client_secret: credentials.client_secret,
        })
    }

    async fn stored(
        &self,
        workspace_id: &WorkspaceId,
        tenant_id: &TenantId,
    ) -> Result<StoredTokens, TokenError> {
        self.secrets
            .tokens(workspace_id, tenant_id)
            .await?
            .ok_or(TokenError::Refused)
    }
}

/// Returns the part of the tokens that is stored.
pub(crate) fn stored_form(tokens: Tokens) -> StoredTokens {
    StoredTokens {
        access_token: tokens.access_token,
        refresh_token: tokens.refresh_token,
        expires_at: tokens.expires_at,
        subdomain: tokens.subdomain,
    }
}

/// Returns until when SmartHR may take for a refresh that begins now; `None` when the rotated tokens might not be
/// stored before the function ends.
fn end_of_refresh(deadline: Instant, now: Instant) -> Option<Instant> {
    let end = deadline.checked_sub(TIME_TO_STORE)?;
    (end >= now + SHORTEST_REFRESH).then(|| end.min(now + LONGEST_REFRESH))
}

fn is_fresh(tokens: &StoredTokens, now: Timestamp) -> bool {
    tokens.expires_at.duration_since(now) > LAST_MINUTES
}

fn same_token(one: &StoredTokens, other: &StoredTokens) -> bool {
    one.access_token.expose_secret() == other.access_token.expose_secret()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_refreshed_in_its_last_five_minutes() {
        let now: Timestamp = "2026-11-23T17:00:00Z".parse().unwrap();
        let tokens = |end: &str| StoredTokens {
            access_token: "a".into(),
            refresh_token: "r".into(),
            expires_at: end.parse().unwrap(),
            subdomain: None,
        };
        assert!(is_fresh(&tokens("2026-11-23T17:05:01Z"), now));
        assert!(!is_fresh(&tokens("2026-11-23T17:05:00Z"), now));
        assert!(!is_fresh(&tokens("2026-11-23T16:00:00Z"), now));
    }
}
