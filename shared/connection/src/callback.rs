//! An admin comes back from SmartHR.

use credentials::TokenHash;
use domain::Company;
use domain::{User, WorkspaceId};
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use smarthr::{ApiAccess, OAuthError, SmartHrError, Tokens};
use storage::StoreError;
use storage::oauth_states::OAuthState;
use tokio::time::Instant;

use crate::connections::Connections;

/// What SmartHR put into the address (RFC 6749, 4.1.2).
#[derive(Clone, Debug, Default)]
pub struct Callback {
    /// Ours.
    pub state: Option<SecretString>,
    /// To be exchanged for tokens.
    pub code: Option<SecretString>,
    /// Why there is no code.
    pub error: Option<String>,
    /// The company's host label, if SmartHR tells it here.
    pub subdomain: Option<String>,
}

/// Whose browser came.
#[derive(Clone, Copy, Debug)]
pub struct Caller<'a> {
    /// Where the person is signed in.
    pub workspace_id: &'a WorkspaceId,
    /// Who, as stored now.
    pub user: &'a User,
    /// What the session is stored under.
    pub session_hash: &'a str,
}

/// What became of it. Only [`Outcome::Linked`] and [`Outcome::ConfirmNeeded`] change anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// 「SmartHRとの連携が完了しました。」
    Linked {
        /// The company's name.
        company_name: String,
    },
    /// Another company than before: an admin has to confirm it.
    ConfirmNeeded {
        /// The company so far.
        linked_name: String,
        /// The other one.
        new_name: String,
    },
    /// The admin said no at SmartHR.
    Denied,
    /// The address has no state of ours, or one that was used before.
    Invalid,
    /// The admin took too long.
    Expired,
    /// Another session, workspace or person than the one that set out, or nobody signed in.
    OtherSession,
    /// The person may not manage the connection any more.
    NotAllowed,
    /// SmartHR reported an error, or refuses the code.
    Refused,
    /// SmartHR does not let us read what we need to know about the company.
    Forbidden,
    /// SmartHR did not say under which subdomain the company is.
    SubdomainUnknown,
    /// SmartHR, or the clean-up of the link before, does not answer now.
    Unavailable,
}

impl Connections {
    /// Completes what [`Connections::begin`] began.
    ///
    /// # Errors
    /// [`StoreError`] when AWS does not answer.
    pub async fn complete(
        &self,
        callback: Callback,
        caller: Option<Caller<'_>>,
        deadline: Instant,
    ) -> Result<Outcome, StoreError> {
        // Used up whatever comes of it: a state works once.
        let state = match &callback.state {
            Some(state) => {
                let hash = TokenHash::of(state);
                self.store.take_oauth_state(hash.as_str()).await?
            }
            None => None,
        };
        match callback.error.as_deref() {
            Some("access_denied") => return Ok(Outcome::Denied),
            Some(_) => return Ok(Outcome::Refused),
            None => {}
        }
        let Some(state) = state else {
            return Ok(Outcome::Invalid);
        };
        if let Some(objection) = objection(&state, caller, (self.clock)()) {
            return Ok(objection);
        }
        let Some(code) = &callback.code else {
            return Ok(Outcome::Invalid);
        };
        let tokens = match self.exchange(&state, code, deadline).await? {
            Ok(tokens) => tokens,
            Err(outcome) => return Ok(outcome),
        };
        let hinted = callback.subdomain.or(state.subdomain);
        let company = match self.company_of(&tokens, hinted, deadline).await {
            Ok(company) => company,
            Err(outcome) => return Ok(outcome),
        };
        self.link(
            &state.workspace_id,
            &state.user_id,
            company,
            tokens,
            deadline,
        )
        .await
    }

    async fn exchange(
        &self,
        state: &OAuthState,
        code: &SecretString,
        deadline: Instant,
    ) -> Result<Result<Tokens, Outcome>, StoreError> {
        let app = self.app().await?;
        let exchanged = self
            .smarthr
            .exchange_code(
                &app,
                code.expose_secret(),
                &self.redirect_uri(),
                &state.pkce_verifier.clone().into(),
                (self.clock)(),
                deadline,
            )
            .await;
        Ok(exchanged.map_err(|error| match error {
            OAuthError::Refused => Outcome::Refused,
            OAuthError::Misconfigured(_) => {
                tracing::error!(%error, "SmartHR does not exchange codes for us");
                Outcome::Refused
            }
            OAuthError::Failed(_) => {
                tracing::warn!(%error, "a code was not exchanged");
                Outcome::Unavailable
            }
        }))
    }

    /// Which company the tokens are for. What the token answer says about the subdomain counts before
    /// what stood in an address.
    async fn company_of(
        &self,
        tokens: &Tokens,
        hinted: Option<String>,
        deadline: Instant,
    ) -> Result<Company, Outcome> {
        let subdomain = tokens.subdomain.clone().or(hinted);
        let access = ApiAccess {
            access_token: tokens.access_token.clone(),
            subdomain: subdomain.clone(),
        };
        let name = match self.smarthr.session(access) {
            Ok(session) => session.company_name(deadline).await,
            Err(error) => Err(error),
        };
        let name = name.map_err(|error| {
            tracing::warn!(%error, "the company's name was not read");
            match error {
                SmartHrError::BadSubdomain => Outcome::SubdomainUnknown,
                error if error.is_transient() => Outcome::Unavailable,
                _ => Outcome::Forbidden,
            }
        })?;
        Ok(Company {
            tenant_id: tokens.tenant_id.clone(),
            name: name
                .or_else(|| subdomain.clone())
                .unwrap_or_else(|| tokens.tenant_id.to_string()),
            subdomain,
        })
    }
}

/// What speaks against going on with a state that was found.
fn objection(state: &OAuthState, caller: Option<Caller<'_>>, now: Timestamp) -> Option<Outcome> {
    let same = caller.filter(|caller| {
        caller.session_hash == state.session_hash
            && *caller.workspace_id == state.workspace_id
            && caller.user.user_id == state.user_id
    });
    let Some(caller) = same else {
        return Some(Outcome::OtherSession);
    };
    if now >= state.expires_at {
        return Some(Outcome::Expired);
    }
    if !caller.user.role.may_manage_integration() {
        return Some(Outcome::NotAllowed);
    }
    None
}
