//! SAML 2.0. The provider's answer is posted by another site, so that it comes without our cookies: [`answer`] verifies
//! it and keeps what it says with the sign-in, and the browser then goes to the callback with its cookie, as with
//! OpenID Connect.
//!
//! The transaction that keeps the answer also uses up the id of its assertion.

pub(crate) mod answer;
pub(crate) mod metadata;
pub(crate) mod settings;

use domain::{SamlProvider, WorkspaceId};
use jiff::Timestamp;
use saml::{AuthnRequest, ServiceProvider};
use secrecy::{ExposeSecret, SecretString};
use storage::sso_flows::SsoFlow;
use web::Problem;

use crate::app::App;
use crate::oidc::Claims;
use crate::outcome::{Refusal, Stop};

/// What [`answer`] keeps with the sign-in.
type Answer = Result<saml::Claims, saml::Refusal>;

/// Returns the workspace as a provider knows it. Each has an Entity ID of its own, so that no workspace's answer is for
/// another.
pub(crate) fn service_provider(app: &App, workspace_id: &WorkspaceId) -> ServiceProvider {
    ServiceProvider {
        entity_id: format!("{}/sso/metadata/{workspace_id}", app.public_base_url),
        acs_url: format!("{}/sso/acs/{workspace_id}", app.public_base_url),
    }
}

/// Returns the address at the provider that a sign-in begins at; `force_sign_in` also for somebody who is signed in
/// there.
pub(crate) fn address(
    app: &App,
    workspace_id: &WorkspaceId,
    provider: &SamlProvider,
    (state, request_id): (&SecretString, &str),
    force_sign_in: bool,
    now: Timestamp,
) -> Result<String, Problem> {
    let request = AuthnRequest {
        from: &service_provider(app, workspace_id),
        id: request_id,
        issued_at: now,
        force_sign_in,
    };
    let url = request.address(provider, state.expose_secret());
    Ok(url.map_err(|_| Problem::internal())?.into())
}

/// Returns what the provider said in answer to a sign-in that the browser came back with.
pub(crate) fn claims(flow: &SsoFlow) -> Result<Claims, Stop> {
    let answer = flow.saml_answer.as_deref().ok_or(Refusal::UnknownState)?;
    let answer: Answer = serde_json::from_str(answer).map_err(|_| Problem::internal())?;
    let claims = answer.map_err(Refusal::Saml)?;
    Ok(Claims {
        subject: claims.name_id,
        email: Some(claims.email),
        email_verified: None,
        issued_at: claims.issued_at,
        authenticated_at: claims.authenticated_at,
        session_ends_by: claims.session_not_on_or_after,
    })
}
