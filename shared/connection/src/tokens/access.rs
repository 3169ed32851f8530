//! Sessions at SmartHR with a valid access token.

use domain::{Company, Connection, WorkspaceId};
use smarthr::{ApiAccess, Session, SmartHrError};
use storage::StoreError;
use tokio::time::Instant;

use crate::connections::Connections;

/// The reason why no session could be opened.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// No tokens are stored, or SmartHR refused the refresh token for good: an admin must connect
    /// again.
    #[error("SmartHR refuses the refresh token: an admin must connect again")]
    Refused,
    /// SmartHR answered with neither tokens nor a clear refusal; a later attempt may succeed.
    #[error("SmartHR issued no tokens")]
    Unavailable,
    /// SmartHR refuses our own OAuth client for every workspace: an operator must mend it.
    #[error("SmartHR refuses our OAuth client")]
    ClientRefused,
    /// The database or Secrets Manager failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The reason why [`Connections::with_session`] has no result.
#[derive(Debug)]
pub enum SessionError<E> {
    /// No session could be opened.
    Token(TokenError),
    /// The call failed for another reason than an expired access token.
    Call(E),
}

impl Connections {
    /// Runs `call` with a session at the company of `connection`. Runs it once more with a refreshed
    /// token when SmartHR answers 401, as it does after revoking a token early. A 401 to the token that it
    /// has just issued is an outage of SmartHR ([`TokenError::Unavailable`]): only a refused refresh says that
    /// the grant is gone.
    ///
    /// When SmartHR refuses the refresh token of a connected company, the connection becomes
    /// 「再連携が必要です」 and the admins get one mail.
    ///
    /// # Errors
    /// [`SessionError`] when no session can be opened or `call` fails.
    pub async fn with_session<T, E: From<SmartHrError> + PartialEq, F>(
        &self,
        workspace_id: &WorkspaceId,
        connection: &Connection,
        deadline: Instant,
        call: impl Fn(Session) -> F,
    ) -> Result<T, SessionError<E>>
    where
        F: Future<Output = Result<T, E>> + Send,
    {
        let company = &connection.company;
        let mut refresh = false;
        loop {
            let session = self.session(workspace_id, company, refresh, deadline).await;
            if matches!(session, Err(TokenError::Refused)) && connection.is_connected() {
                self.mark_reconnect_needed(workspace_id, &company.tenant_id)
                    .await
                    .map_err(|error| SessionError::Token(error.into()))?;
            }
            match call(session.map_err(SessionError::Token)?).await {
                Err(error) if error == SmartHrError::Unauthorized.into() => {
                    if refresh {
                        tracing::warn!("SmartHR refuses a token that it has just issued");
                        return Err(SessionError::Token(TokenError::Unavailable));
                    }
                    refresh = true;
                }
                result => return result.map_err(SessionError::Call),
            }
        }
    }

    /// Returns a session for a company whose tokens are stored, whatever the connection's state. A
    /// refusal does not change the connection. `refresh` replaces the access token even if it has not
    /// expired.
    pub(crate) async fn session(
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
            subdomain: tokens.subdomain.or_else(|| company.subdomain.clone()),
        };
        self.smarthr.session(access).map_err(|error| {
            tracing::error!(%error, "the connected company has no usable address");
            TokenError::Refused
        })
    }
}
