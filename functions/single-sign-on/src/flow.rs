//! A sign-in under way: begun in a browser, and taken up again when the browser comes back with the provider's answer.

use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use credentials::{PkceVerifier, TokenHash};
use domain::time::later;
use domain::{IdentityProvider, SingleSignOn, Workspace, WorkspaceId};
use jiff::{SignedDuration, Timestamp};
use secrecy::{ExposeSecret, SecretString};
use storage::sso_flows::{SsoConfirmation, SsoFlow, SsoTest};
use web::{cookie_value, host_cookie};

use crate::app::App;
use crate::oidc::Authorization;
use crate::outcome::{Refusal, Stop};
use crate::{pages, saml};

/// The cookie that names the browser.
const COOKIE: &str = "__Host-sso";

/// The time within which the person must sign in at the provider.
const LIFETIME: SignedDuration = SignedDuration::from_mins(10);

/// What a sign-in at the provider is for.
pub(crate) enum Purpose {
    /// Somebody wants to come in.
    SignIn,
    /// A connection test, which signs nobody in.
    Test(SsoTest),
    /// Somebody who is signed in proves again who they are: the provider has to ask them again.
    Confirmation(SsoConfirmation),
}

/// Stores a new sign-in, and returns the page that leads to the provider.
pub(crate) async fn begin(
    app: &App,
    workspace: &Workspace,
    sso: &SingleSignOn,
    headers: &HeaderMap,
    purpose: Purpose,
    now: Timestamp,
) -> Result<Response, Stop> {
    // Sign-ins in two tabs have the same browser.
    let browser = cookie_value(headers, COOKIE).unwrap_or_else(|| app.random.token());
    let (state, nonce) = (app.random.token(), app.random.token());
    // The id of a SAML request is an XML name, which begins with no digit.
    let nonce = SecretString::from(format!("_{}", nonce.expose_secret()));
    let verifier = PkceVerifier::generate(&app.random);
    let workspace_id = &workspace.workspace_id;
    let (test, confirmation) = match purpose {
        Purpose::SignIn => (None, None),
        Purpose::Test(test) => (Some(test), None),
        Purpose::Confirmation(confirmation) => (None, Some(confirmation)),
    };
    let force_sign_in = confirmation.is_some();
    let url = match &sso.provider {
        IdentityProvider::Oidc(oidc) => {
            let provider = app.provider_client.provider(&oidc.issuer, now).await?;
            provider.authorization_url(&Authorization {
                client_id: &oidc.client_id,
                redirect_uri: &app.redirect_uri(workspace_id),
                state: &state,
                nonce: &nonce,
                pkce_verifier: verifier.secret(),
                force_sign_in,
            })?
        }
        IdentityProvider::Saml(provider) => {
            let ids = (&state, nonce.expose_secret());
            saml::address(app, workspace_id, provider, ids, force_sign_in, now)?
        }
    };
    let flow = SsoFlow {
        workspace_id: workspace_id.clone(),
        browser_hash: TokenHash::of(&browser).as_str().to_owned(),
        configuration: sso.hash(),
        nonce: nonce.expose_secret().to_owned(),
        pkce_verifier: verifier.secret().expose_secret().to_owned(),
        test,
        confirmation,
        saml_answer: None,
        expires_at: later(now, LIFETIME),
    };
    let hash = TokenHash::of(&state);
    app.store.put_sso_flow(hash.as_str(), &flow).await?;
    Ok(pages::leave(&url, cookie(&browser)))
}

fn cookie(browser: &SecretString) -> HeaderValue {
    host_cookie(COOKIE, browser, LIFETIME.as_secs())
}

/// A sign-in that the same browser came back with, and what it is for.
pub(crate) struct ReturnedFlow {
    pub(crate) flow: SsoFlow,
    pub(crate) workspace: Workspace,
    pub(crate) sso: SingleSignOn,
}

/// Takes up the sign-in of a state. It works once, whatever comes of it.
pub(crate) async fn take_up(
    app: &App,
    workspace_id: &WorkspaceId,
    state: &SecretString,
    headers: &HeaderMap,
    now: Timestamp,
) -> Result<ReturnedFlow, Stop> {
    let flow = app
        .store
        .take_sso_flow(TokenHash::of(state).as_str())
        .await?;
    let flow = flow.ok_or(Refusal::UnknownState)?;
    if flow.workspace_id != *workspace_id {
        return Err(Refusal::MixedUp.into());
    }
    let browser = cookie_value(headers, COOKIE);
    let browser = browser.map(|browser| TokenHash::of(&browser).as_str().to_owned());
    if browser.as_ref() != Some(&flow.browser_hash) {
        return Err(Refusal::OtherBrowser.into());
    }
    if now >= flow.expires_at {
        return Err(Refusal::Expired.into());
    }
    let workspace = app.store.workspace(workspace_id).await?;
    let workspace = workspace.ok_or(Refusal::Changed)?;
    let is_usable = |sso: &SingleSignOn| {
        sso.hash() == flow.configuration && (flow.test.is_some() || sso.is_tested())
    };
    let sso = workspace.single_sign_on.clone().filter(is_usable);
    let sso = sso.ok_or(Refusal::Changed)?;
    Ok(ReturnedFlow {
        flow,
        workspace,
        sso,
    })
}
