//! OAuth: the address of SmartHR's consent page, and the exchange of codes and refresh tokens.

use std::time::Duration;

use domain::{TenantId, is_host_label};
use jiff::Timestamp;
use reqwest::StatusCode;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::Value;
use tokio::time::Instant;

use crate::client::Client;
use crate::error::SmartHrError;
use crate::request::request_timeout;
use crate::response::ApiResponse;
use crate::retry::with_retries;

/// The longest life of an access token that is believed.
const LONGEST_LIFE: Duration = Duration::from_hours(24);

/// The credentials of our app at SmartHR.
#[derive(Clone, Debug)]
pub struct AppCredentials {
    /// The app's public id (`client_id`).
    pub client_id: String,
    /// The app's secret (`client_secret`), which is sent in the form body.
    pub client_secret: SecretString,
}

/// The tokens that SmartHR issues for a code or a refresh token.
#[derive(Clone, Debug)]
pub struct Tokens {
    /// The token for calls of the API.
    pub access_token: SecretString,
    /// The token for the next refresh; SmartHR may issue another one every time.
    pub refresh_token: SecretString,
    /// The time at which the access token expires.
    pub expires_at: Timestamp,
    /// SmartHR's id of the company account. Unlike the subdomain it never changes.
    pub tenant_id: TenantId,
    /// The first label of the company's host; `None` when the response leaves it out.
    pub subdomain: Option<String>,
}

/// Why SmartHR issued no tokens.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OAuthError {
    /// The code or refresh token is refused for good (`invalid_grant`): an admin must connect again.
    #[error("SmartHR refuses the grant: an admin must connect again")]
    Refused,
    /// SmartHR refuses our app or our request (RFC 6749 5.2, e.g. `invalid_client`): for the operator.
    #[error("SmartHR refuses our app ({0}): a mistake in our configuration")]
    Misconfigured(&'static str),
    /// SmartHR answered with neither tokens nor a clear refusal. [`SmartHrError::is_transient`] says
    /// whether a later attempt may succeed.
    #[error(transparent)]
    Failed(#[from] SmartHrError),
}

/// A successful response as in RFC 6749 5.1, with SmartHR's additions. Only the tokens must have the right type: a
/// refresh token that was issued cannot be issued again, so nothing beside it may cost it.
#[derive(Deserialize)]
struct TokenResponse {
    access_token: SecretString,
    refresh_token: Option<SecretString>,
    #[serde(default)]
    expires_in: Value,
    #[serde(default)]
    token_request_tenant_id: Value,
    #[serde(default)]
    subdomain: Value,
}

impl TokenResponse {
    /// Returns the life of the access token, given as a number of seconds or its text; `None` if it is neither, or
    /// longer than any token lives.
    fn life(&self) -> Option<Duration> {
        let seconds = match &self.expires_in {
            Value::Number(number) => number.as_u64()?,
            Value::String(text) => text.trim().parse().ok()?,
            _ => return None,
        };
        let life = Duration::from_secs(seconds);
        Some(life).filter(|life| *life <= LONGEST_LIFE)
    }

    /// Returns the refresh token. Returns `None` for an empty one.
    fn refresh_token(&self) -> Option<&SecretString> {
        let token = self.refresh_token.as_ref();
        token.filter(|token| !token.expose_secret().trim().is_empty())
    }

    fn tenant_id(&self) -> Option<TenantId> {
        match &self.token_request_tenant_id {
            Value::String(id) if !id.is_empty() => Some(TenantId::new(id.as_str())),
            Value::Number(id) => Some(TenantId::new(id.to_string())),
            _ => None,
        }
    }

    /// Returns the subdomain, if it can be one.
    fn subdomain(&self) -> Option<String> {
        let subdomain = self.subdomain.as_str()?.trim();
        is_host_label(subdomain).then(|| subdomain.to_owned())
    }
}

/// An error response as in RFC 6749 5.2.
#[derive(Deserialize)]
struct OAuthErrorResponse {
    error: String,
}

impl Client {
    /// Returns the URL to redirect the admin's browser to. `code_challenge` is S256 (RFC 7636); a
    /// provider without PKCE ignores it (RFC 6749 3.1). No `scope` is sent: the app's registration
    /// decides what we may do.
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

    /// Exchanges the callback's code for tokens. A code works once, so this is repeated only when
    /// SmartHR certainly did not carry it out.
    ///
    /// # Errors
    /// [`OAuthError`]; a response without refresh token or tenant is
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

    /// Exchanges the refresh token for new tokens; what the response leaves out (no rotation, no tenant)
    /// stays as it was. The caller stores the result before using it, and allows one refresh at a time.
    ///
    /// # Errors
    /// [`OAuthError`] when SmartHR refuses the token or does not answer.
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
        // A request whose response was lost may have rotated the token. Repeating it is still
        // right: if the old token is void by now, an admin has to connect again and should know at
        // once.
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
    ) -> Result<TokenResponse, OAuthError> {
        let url = self.oauth_url("token");
        let client = [
            ("client_id", app.client_id.as_str()),
            ("client_secret", app.client_secret.expose_secret()),
        ];
        let form = [form, &client].concat();
        with_retries(self, deadline, repeatable, || async {
            let time = request_timeout(self.tuning().request_timeout, deadline);
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
            let answer = ApiResponse::read(response).await?;
            match refusal(&answer) {
                Some(refused) => Ok(Err(refused)),
                None => answer.success()?.json("tokens").map(Ok),
            }
        })
        .await?
    }

    fn tokens(
        &self,
        granted: TokenResponse,
        current: Option<&Tokens>,
        now: Timestamp,
    ) -> Result<Tokens, OAuthError> {
        let life = granted.life().unwrap_or(self.tuning().default_token_life);
        Ok(Tokens {
            refresh_token: granted
                .refresh_token()
                .or_else(|| current.map(|tokens| &tokens.refresh_token))
                .ok_or(SmartHrError::UnexpectedAnswer("tokens: no refresh token"))?
                .clone(),
            expires_at: now.checked_add(life).unwrap_or(now),
            tenant_id: granted
                .tenant_id()
                .or_else(|| current.map(|tokens| tokens.tenant_id.clone()))
                .ok_or(SmartHrError::UnexpectedAnswer("tokens: no tenant"))?,
            subdomain: granted
                .subdomain()
                .or_else(|| current.and_then(|tokens| tokens.subdomain.clone())),
            access_token: granted.access_token,
        })
    }
}

/// Returns the error if the response is a refusal as RFC 6749 defines it.
fn refusal(answer: &ApiResponse) -> Option<OAuthError> {
    if !answer.status.is_client_error() {
        return None;
    }
    let refusal: OAuthErrorResponse = serde_json::from_slice(&answer.body).ok()?;
    Some(match refusal.error.as_str() {
        "invalid_grant" => OAuthError::Refused,
        "invalid_client" => OAuthError::Misconfigured("invalid_client"),
        "unauthorized_client" => OAuthError::Misconfigured("unauthorized_client"),
        "unsupported_grant_type" => OAuthError::Misconfigured("unsupported_grant_type"),
        "invalid_scope" => OAuthError::Misconfigured("invalid_scope"),
        "invalid_request" => OAuthError::Misconfigured("invalid_request"),
        _ => return None,
    })
}
