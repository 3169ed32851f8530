//! Exchanges an OAuth code for tokens, and reads the company that they belong to. `connect_company.rs`
//! stores both.

use domain::Company;
use secrecy::{ExposeSecret, SecretString};
use smarthr::{ApiAccess, OAuthError, SmartHrError, Tokens};
use storage::oauth_states::OAuthState;
use tokio::time::Instant;

use crate::callback::{CallbackOutcome, Stop};
use crate::connections::Connections;

impl Connections {
    pub(crate) async fn exchange_code(
        &self,
        state: &OAuthState,
        code: &SecretString,
        deadline: Instant,
    ) -> Result<Tokens, Stop> {
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
        exchanged.map_err(|error| {
            let outcome = match error {
                OAuthError::Refused => CallbackOutcome::Refused,
                OAuthError::Misconfigured(_) => {
                    tracing::error!(%error, "SmartHR refuses to exchange codes for our OAuth client");
                    CallbackOutcome::ClientRefused
                }
                OAuthError::Failed(_) => {
                    tracing::warn!(%error, "a code was not exchanged");
                    CallbackOutcome::Unavailable
                }
            };
            outcome.into()
        })
    }

    /// Returns the company of the tokens. The subdomain in SmartHR's answer takes precedence over
    /// `hint`, which comes from the callback's address.
    pub(crate) async fn company_of(
        &self,
        tokens: &Tokens,
        hint: Option<String>,
        deadline: Instant,
    ) -> Result<Company, CallbackOutcome> {
        let subdomain = tokens.subdomain.clone().or(hint);
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
                SmartHrError::BadSubdomain => CallbackOutcome::SubdomainUnknown,
                // The token is seconds old: nobody can have revoked it.
                SmartHrError::Unauthorized => CallbackOutcome::Unavailable,
                error if error.is_transient() => CallbackOutcome::Unavailable,
                _ => CallbackOutcome::Forbidden,
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
