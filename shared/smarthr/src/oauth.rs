//! OAuth: sending the admin to SmartHR, and turning codes and refresh tokens into tokens.

use std::time::Duration;

use domain::TenantId;
use jiff::Timestamp;
use reqwest::StatusCode;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use tokio::time::Instant;

use crate::answer::Answer;
use crate::call::time_for_one;
use crate::client::Client;
use crate::error::SmartHrError;
use crate::retry::with_retries;

/// Our app at SmartHR.
#[derive(Clone, Debug)]
pub struct AppCredentials {
    /// Public id.
    pub client_id: String,
    /// Secret, sent in the form body.
    pub client_secret: SecretString,
}

/// What SmartHR gave for a code or a refresh token.
#[derive(Clone, Debug)]
pub struct Tokens {
    /// For the API.
    pub access_token: SecretString,
    /// For the next refresh; may be another one every time.
    pub refresh_token: SecretString,
    /// End of the access token's life.
    pub expires_at: Timestamp,
    /// The company account: what a link is keyed on, since subdomains can change.
    pub tenant_id: TenantId,
    /// The company's host label, when the answer has it.
    pub subdomain: Option<String>,
}

/// Why there are no tokens.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OAuthError {
    /// The code or refresh token is refused for good (`invalid_grant`): the admin must link again.
    #[error("SmartHR refuses the grant: an admin must link again")]
    Refused,
    /// SmartHR refuses our app or our request (RFC 6749 5.2, e.g. `invalid_client`): for the operator.
    #[error("SmartHR refuses our app ({0}): a mistake in our configuration")]
    Misconfigured(&'static str),
    /// Neither tokens nor a clear refusal. [`SmartHrError::is_transient`] tells whether a later try can
    /// help.
    #[error(transparent)]
    Failed(#[from] SmartHrError),
}

/// RFC 6749 5.1, and SmartHR's additions.
#[derive(Deserialize)]
struct Granted {
    access_token: SecretString,
    refresh_token: Option<SecretString>,
    expires_in: Option<i64>,
    token_request_tenant_id: Option<TenantNumberOrText>,
    subdomain: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum TenantNumberOrText {
    Text(String),
    Number(u64),
}

/// RFC 6749 5.2.
#[derive(Deserialize)]
struct Refusal {
    error: String,
}

impl Client {
    /// Where to send the admin's browser. `state` and `code_challenge` (RFC 7636, S256) are the
    /// caller's; a provider without PKCE ignores the challenge (RFC 6749 3.1). No `scope` is sent: the
    /// app's registration decides what we may do.
    pub fn authorize_url(
        &self,
        client_id: &str,
        redirect_uri: &str,
        state: &str,
        code_challenge: &str,
    ) -> String {
        let mut url = self.oauth_url("authorization");
        url.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", client_id)
            .append_pair("redirect_uri", redirect_uri)
            .append_pair("state", state)
            .append_pair("code_challenge", code_challenge)
            .append_pair("code_challenge_method", "S256");
        url.into()
    }

    /// Turns the callback's code into tokens. A code works once, so this is repeated only where SmartHR
    /// certainly has not used it up.
    ///
    /// # Errors
    /// [`OAuthError`]; an answer without refresh token or tenant is
    /// [`SmartHrError::UnexpectedAnswer`].
    pub async fn exchange_code(
        &self,
        app: &AppCredentials,
        code: &str,
        redirect_uri: &str,
        code_verifier: &SecretString,
        now: Timestamp,
        deadline: Instant,
    ) -> Result<Tokens, OAuthError> {
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", redirect_uri),
            ("code_verifier", code_verifier.expose_secret()),
        ];
        let repeatable = SmartHrError::was_not_carried_out;
        let granted = self.grant(app, &form, repeatable, deadline).await?;
        self.tokens(granted, None, now)
    }

    /// Turns the refresh token into new tokens; what the answer leaves out (no rotation, no tenant)
    /// stays as it was. The caller stores the result before using it, and lets only one refresh
    /// run at a time.
    ///
    /// # Errors
    /// [`OAuthError`].
    pub async fn refresh(
        &self,
        app: &AppCredentials,
        current: &Tokens,
        now: Timestamp,
        deadline: Instant,
    ) -> Result<Tokens, OAuthError> {
        let form = [
            ("grant_type", "refresh_token"),
            ("refresh_token", current.refresh_token.expose_secret()),
        ];
        // An answer that was lost may have rotated the token. Asking again is still right: should the
        // old one be dead by now, then the link is, and it is better known today than tomorrow.
        let repeatable = SmartHrError::is_transient;
        let granted = self.grant(app, &form, repeatable, deadline).await?;
        self.tokens(granted, Some(current), now)
    }

    async fn grant(
        &self,
        app: &AppCredentials,
        form: &[(&str, &str)],
        repeatable: fn(&SmartHrError) -> bool,
        deadline: Instant,
    ) -> Result<Granted, OAuthError> {
        let url = self.oauth_url("token");
        let client = [
            ("client_id", app.client_id.as_str()),
            ("client_secret", app.client_secret.expose_secret()),
        ];
        let form = [form, &client].concat();
        with_retries(self, deadline, repeatable, || async {
            let time = time_for_one(self.tuning().request_timeout, deadline);
            if time.is_zero() {
                return Err(SmartHrError::OutOfTime);
            }
            self.counters().request();
            let response = self
                .http()?
                .post(url.clone())
                .form(&form)
                .timeout(time)
                .send()
                .await
                .map_err(|error| SmartHrError::from_transport(&error))?;
            if response.status() == StatusCode::TOO_MANY_REQUESTS {
                self.counters().throttled();
            }
            let answer = Answer::read(response).await?;
            match refusal(&answer) {
                Some(refused) => Ok(Err(refused)),
                None => answer.success()?.json("tokens").map(Ok),
            }
        })
        .await?
    }

    fn tokens(
        &self,
        granted: Granted,
        current: Option<&Tokens>,
        now: Timestamp,
    ) -> Result<Tokens, OAuthError> {
        let tenant_id = match granted.token_request_tenant_id {
            Some(TenantNumberOrText::Text(id)) => Some(TenantId::new(id)),
            Some(TenantNumberOrText::Number(id)) => Some(TenantId::new(id.to_string())),
            None => current.map(|tokens| tokens.tenant_id.clone()),
        };
        let life = granted
            .expires_in
            .and_then(|seconds| u64::try_from(seconds).ok())
            .map_or(self.tuning().default_token_life, Duration::from_secs);
        Ok(Tokens {
            access_token: granted.access_token,
            refresh_token: granted
                .refresh_token
                .or_else(|| current.map(|tokens| tokens.refresh_token.clone()))
                .ok_or(SmartHrError::UnexpectedAnswer("tokens: no refresh token"))?,
            expires_at: now
                .checked_add(life)
                .map_err(|_| SmartHrError::UnexpectedAnswer("tokens: an endless life"))?,
            tenant_id: tenant_id.ok_or(SmartHrError::UnexpectedAnswer("tokens: no tenant"))?,
            subdomain: granted
                .subdomain
                .or_else(|| current.and_then(|tokens| tokens.subdomain.clone())),
        })
    }
}

/// A clear refusal in RFC 6749's words, if this is one.
fn refusal(answer: &Answer) -> Option<OAuthError> {
    if !answer.status.is_client_error() {
        return None;
    }
    let refusal: Refusal = serde_json::from_slice(&answer.body).ok()?;
    Some(match refusal.error.as_str() {
        "invalid_grant" | "access_denied" => OAuthError::Refused,
        "invalid_client" => OAuthError::Misconfigured("invalid_client"),
        "unauthorized_client" => OAuthError::Misconfigured("unauthorized_client"),
        "unsupported_grant_type" => OAuthError::Misconfigured("unsupported_grant_type"),
        "invalid_scope" => OAuthError::Misconfigured("invalid_scope"),
        "invalid_request" => OAuthError::Misconfigured("invalid_request"),
        _ => return None,
    })
}
