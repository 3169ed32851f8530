//! `GET /sso/callback/{workspace_id}`: the redirect URI, where an OpenID provider sends the browser with a code or an
//! error, and where the browser goes from the Assertion Consumer Service of SAML.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use domain::WorkspaceId;
use jiff::Timestamp;
use secrecy::SecretString;
use serde::Deserialize;
use storage::secrets::CustomerSecret;
use web::{RefusedSignIn, RequestSource, SignInMethod, log_refused_sign_in};

use crate::app::App;
use crate::flow::{ReturnedFlow, take_up};
use crate::oidc::{Claims, Redemption};
use crate::outcome::{Refusal, Stop};
use crate::sign_in::sign_in;
use crate::{confirmation, connection_test, pages, saml};

/// The query parameters of RFC 6749, section 4.1.2, and RFC 9207. Others are ignored.
#[derive(Deserialize)]
pub(crate) struct Parameters {
    state: Option<SecretString>,
    code: Option<SecretString>,
    error: Option<String>,
    iss: Option<String>,
}

/// Signs the person in, or says why not. A connection test shows its result instead, and a confirmation leads back.
pub(crate) async fn callback(
    State(app): State<App>,
    Path(workspace_id): Path<WorkspaceId>,
    headers: HeaderMap,
    source: RequestSource,
    parameters: Result<Query<Parameters>, QueryRejection>,
) -> Response {
    let now = app.now();
    let mut account = format!("sso {workspace_id}");
    // Without a state it is nobody's sign-in, as when a scanner opens the address.
    let parameters = parameters.map(|Query(parameters)| (parameters.state.clone(), parameters));
    let Ok((Some(state), parameters)) = parameters else {
        return pages::refused(Refusal::UnknownState);
    };
    let returned = match take_up(&app, &workspace_id, &state, &headers, now).await {
        Ok(returned) => returned,
        Err(stop) => return stopped(&app, stop, &account, &source, now).await,
    };
    let claims = ask_provider(&app, &returned, &parameters, now).await;
    if let Some(test) = &returned.flow.test {
        let request = (&headers, source);
        return connection_test::finish(&app, &returned, test, request, claims, now).await;
    }
    let signed_in = async {
        let claims = claims?;
        if let Some(email) = &claims.email {
            account = format!("email {}", email.to_ascii_lowercase());
        }
        if let Some(confirmation) = &returned.flow.confirmation {
            let workspace_id = &returned.workspace.workspace_id;
            let began = (workspace_id, confirmation);
            return confirmation::finish(&app, began, &claims, &headers, now).await;
        }
        sign_in(&app, &workspace_id, &claims, &headers, now).await
    };
    match signed_in.await {
        Ok(response) => response,
        Err(stop) => stopped(&app, stop, &account, &source, now).await,
    }
}

/// Exchanges the answer of an OpenID provider for claims; that of a SAML provider has them.
async fn ask_provider(
    app: &App,
    ReturnedFlow {
        flow,
        workspace,
        sso,
    }: &ReturnedFlow,
    parameters: &Parameters,
    now: Timestamp,
) -> Result<Claims, Stop> {
    let Some(oidc) = sso.oidc() else {
        return saml::claims(flow);
    };
    let provider = app.provider_client.provider(&oidc.issuer, now).await?;
    let is_other = |iss: &String| iss != provider.issuer();
    if parameters
        .iss
        .as_ref()
        .map_or(provider.names_itself(), is_other)
    {
        return Err(Refusal::MixedUp.into());
    }
    match parameters.error.as_deref() {
        Some("access_denied") => return Err(Refusal::Denied.into()),
        Some(_) => return Err(Refusal::ProviderError.into()),
        None => {}
    }
    let code = parameters.code.as_ref().ok_or(Refusal::UnknownState)?;
    let workspace_id = &workspace.workspace_id;
    let secret = app
        .secrets
        .customer_secret(workspace_id, CustomerSecret::SsoClient(&oidc.secret_id));
    let secret = secret.await?.ok_or(Refusal::Changed)?;
    let redemption = Redemption {
        client_id: &oidc.client_id,
        client_secret: &secret,
        redirect_uri: &app.redirect_uri(workspace_id),
        code,
        nonce: &flow.nonce.clone().into(),
        pkce_verifier: &flow.pkce_verifier.clone().into(),
        now,
    };
    Ok(app.provider_client.redeem(&provider, &redemption).await?)
}

/// Logs a refused sign-in, and returns its page.
pub(crate) async fn stopped(
    app: &App,
    stop: Stop,
    account: &str,
    source: &RequestSource,
    now: Timestamp,
) -> Response {
    if let Stop::Refused(refusal) = &stop {
        let refused = RefusedSignIn {
            method: SignInMethod::SingleSignOn,
            account,
            network: &source.network,
            reason: refusal.reason(),
        };
        log_refused_sign_in(&app.store, &app.random, refused, now).await;
    }
    pages::stopped(stop)
}
