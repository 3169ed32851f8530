//! Access tokens that work, for as many functions at once as there are.

use std::time::Duration;

use domain::{Company, ConnectionState};
use domain::{TenantId, WorkspaceId};
use jiff::{SignedDuration, Timestamp};
use secrecy::ExposeSecret;
use smarthr::{ApiAccess, AppCredentials, OAuthError, Session, Tokens};
use storage::StoreError;
use storage::secrets::StoredTokens;
use tokio::time::{Instant, sleep};

use crate::connections::Connections;
use crate::token_lock::TokenLock;

/// A token that ends sooner than this is refreshed before it is used.
const LAST_MINUTES: SignedDuration = SignedDuration::from_mins(5);

/// Longest time for one refresh.
const LONGEST_REFRESH: Duration = Duration::from_secs(20);

/// How often storing rotated tokens is tried: they are the only ones that work.
const STORE_ATTEMPTS: u32 = 3;

/// Why there is no access.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// Not linked, or SmartHR refused the refresh token for good: an admin must link again.
    #[error("SmartHR refuses us: an admin must link again")]
    Refused,
    /// SmartHR gave neither tokens nor a clear refusal; a later try may.
    #[error("SmartHR gave no tokens")]
    Unavailable,
    /// Database or secrets.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Connections {
    /// A session for the linked company, and no other: the link may have changed hands since the caller
    /// looked at it. `refresh` asks for a new token although the present one seems to live: SmartHR
    /// answered 401 to it.
    ///
    /// When SmartHR refuses the refresh token, the connection becomes 「再連携が必要です」 and the
    /// admins get one mail.
    ///
    /// # Errors
    /// [`TokenError`].
    pub async fn session_for(
        &self,
        workspace_id: &WorkspaceId,
        tenant_id: &TenantId,
        refresh: bool,
        deadline: Instant,
    ) -> Result<Session, TokenError> {
        let link = self.store.connection(workspace_id).await?;
        let link = link.filter(|link| {
            link.state == ConnectionState::Connected && link.company.tenant_id == *tenant_id
        });
        let link = link.ok_or(TokenError::Refused)?;
        let session = self
            .session_with(workspace_id, &link.company, refresh, deadline)
            .await;
        if let Err(TokenError::Refused) = session {
            self.mark_reconnect_needed(workspace_id, &link.company.tenant_id)
                .await?;
        }
        session
    }

    /// A session for a company whose tokens we have, whatever the connection's state. Notes nothing
    /// when they are refused.
    pub(crate) async fn session_with(
        &self,
        workspace_id: &WorkspaceId,
        company: &Company,
        refresh: bool,
        deadline: Instant,
    ) -> Result<Session, TokenError> {
        let tokens = self
            .valid_tokens(workspace_id, company, refresh, deadline)
            .await?;
        let access = ApiAccess {
            access_token: tokens.access_token,
            subdomain: company.subdomain.clone(),
        };
        self.smarthr.session(access).map_err(|error| {
            tracing::error!(%error, "the linked company has no usable address");
            TokenError::Refused
        })
    }

    async fn valid_tokens(
        &self,
        workspace_id: &WorkspaceId,
        company: &Company,
        refresh: bool,
        deadline: Instant,
    ) -> Result<StoredTokens, TokenError> {
        let seen = self.stored(workspace_id, &company.tenant_id).await?;
        if !refresh && lives(&seen, (self.clock)()) {
            return Ok(seen);
        }
        let Some(lock) = self.lock_tokens(workspace_id, deadline).await? else {
            return Err(TokenError::Unavailable);
        };
        let tokens = self
            .refresh_with_lock(workspace_id, company, &seen, &lock, deadline)
            .await;
        self.unlock_tokens(workspace_id, lock).await;
        tokens
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
        if !same_token(&current, seen) && lives(&current, (self.clock)()) {
            // Whoever had the lock before us refreshed it.
            return Ok(current);
        }
        loop {
            let refreshed = self
                .refresh(workspace_id, company, &current, lock, deadline)
                .await;
            if !matches!(refreshed, Err(TokenError::Refused)) {
                return refreshed;
            }
            // A function whose lock had run out may have rotated it under our hands.
            let rotated = self.stored(workspace_id, &company.tenant_id).await?;
            if rotated.refresh_token.expose_secret() == current.refresh_token.expose_secret() {
                return Err(if lock.was_abandoned {
                    // Or is about to. Who asks after us knows.
                    TokenError::Unavailable
                } else {
                    TokenError::Refused
                });
            }
            if lives(&rotated, (self.clock)()) {
                return Ok(rotated);
            }
            current = rotated;
        }
    }

    /// Refreshes, and stores the new refresh token before anybody uses the new access token.
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
            subdomain: company.subdomain.clone(),
        };
        let app = self.app().await?;
        let deadline = deadline.min(Instant::now() + LONGEST_REFRESH);
        let refreshed = self
            .smarthr
            .refresh(&app, &current, (self.clock)(), deadline)
            .await;
        match refreshed {
            Ok(tokens) => {
                let tokens = to_store(tokens);
                if let Some(newer) = self.overtaken(workspace_id, company, seen, lock).await? {
                    return Ok(newer);
                }
                self.keep(workspace_id, &company.tenant_id, &tokens).await?;
                Ok(tokens)
            }
            Err(OAuthError::Refused) => Err(TokenError::Refused),
            Err(error @ OAuthError::Misconfigured(_)) => {
                tracing::error!(%error, "no token was refreshed");
                Err(TokenError::Unavailable)
            }
            Err(error @ OAuthError::Failed(_)) => {
                tracing::warn!(%error, "no token was refreshed");
                Err(TokenError::Unavailable)
            }
        }
    }

    /// Newer tokens that somebody stored who took the lock from us. Where AWS does not tell, nobody
    /// did: the old refresh token may be dead, and the new one must not be lost for want of an answer.
    async fn overtaken(
        &self,
        workspace_id: &WorkspaceId,
        company: &Company,
        seen: &StoredTokens,
        lock: &TokenLock,
    ) -> Result<Option<StoredTokens>, TokenError> {
        match self.still_holds(workspace_id, lock).await {
            Ok(true) => return Ok(None),
            Ok(false) => {}
            Err(error) => {
                tracing::warn!(%error, "whether the lock still holds is unknown");
                return Ok(None);
            }
        }
        match self.stored(workspace_id, &company.tenant_id).await {
            Ok(stored) => Ok(Some(stored).filter(|stored| !same_token(stored, seen))),
            // The link ended meanwhile.
            Err(TokenError::Refused) => Err(TokenError::Refused),
            Err(error) => {
                tracing::warn!(%error, "whether newer tokens are stored is unknown");
                Ok(None)
            }
        }
    }

    /// Stores tokens, with patience.
    pub(crate) async fn keep(
        &self,
        workspace_id: &WorkspaceId,
        tenant_id: &TenantId,
        tokens: &StoredTokens,
    ) -> Result<(), StoreError> {
        let mut attempt = 0;
        loop {
            attempt += 1;
            let put = self
                .secrets
                .put_tokens(workspace_id, tenant_id, tokens)
                .await;
            match put {
                Err(error) if attempt < STORE_ATTEMPTS => {
                    tracing::warn!(%error, "storing tokens again");
                    sleep(Duration::from_millis(500)).await;
                }
                outcome => return outcome,
            }
        }
    }

    /// Our app's identity at SmartHR.
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

/// What is stored of the tokens that SmartHR gave.
pub(crate) fn to_store(tokens: Tokens) -> StoredTokens {
    StoredTokens {
        access_token: tokens.access_token,
        refresh_token: tokens.refresh_token,
        expires_at: tokens.expires_at,
    }
}

fn lives(tokens: &StoredTokens, now: Timestamp) -> bool {
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
        };
        assert!(lives(&tokens("2026-11-23T17:05:01Z"), now));
        assert!(!lives(&tokens("2026-11-23T17:05:00Z"), now));
        assert!(!lives(&tokens("2026-11-23T16:00:00Z"), now));
    }
}
