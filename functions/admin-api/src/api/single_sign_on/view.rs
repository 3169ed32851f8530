//! What is configured, and what has to be registered at the identity provider.

use axum::Json;
use axum::extract::State;
use domain::time::japanese_date;
use domain::{SamlProvider, SingleSignOn, Workspace, certificate_warning};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use web::Problem;

use crate::app::App;
use crate::auth::api::AdminUser;
use crate::auth::require_system_administrator;
use crate::openapi::ProblemDocument;

/// The single sign-on of the workspace.
#[derive(Serialize, ToSchema)]
pub(crate) struct SingleSignOnView {
    /// Whether people can sign in by SSO: the configuration passed the connection test as it stands.
    pub(crate) tested: bool,
    /// The issuer identifier of the OpenID provider; `null` while nothing is configured.
    pub(crate) issuer: Option<String>,
    /// The client id at the provider; `null` while nothing is configured.
    pub(crate) client_id: Option<String>,
    /// The redirect URI to register at an OpenID provider.
    pub(crate) redirect_uri: String,
    /// The SAML provider; `null` while none is configured.
    pub(crate) saml_provider: Option<SamlProviderView>,
    /// Our Entity ID for SAML, and the address of our metadata.
    pub(crate) entity_id: String,
    /// Our ACS URL for SAML.
    pub(crate) acs_url: String,
    /// The address at which people sign in by SSO.
    pub(crate) sign_in_url: String,
}

impl SingleSignOnView {
    /// Returns whether a provider is configured, tested or not.
    pub(crate) fn is_configured(&self) -> bool {
        self.issuer.is_some() || self.saml_provider.is_some()
    }
}

/// A SAML provider, as its metadata describes it.
#[derive(Serialize, ToSchema)]
pub(crate) struct SamlProviderView {
    /// The Entity ID of the provider.
    pub(crate) entity_id: String,
    /// Where people are sent to sign in.
    pub(crate) sign_in_url: String,
    /// The days on which its certificates end, in Japan.
    pub(crate) certificates_end: Vec<String>,
    /// Whether the last of them ends within 30 days, or has ended.
    pub(crate) needs_new_certificate: bool,
}

impl SamlProviderView {
    fn of(provider: &SamlProvider, now: Timestamp) -> Self {
        let ends = provider
            .certificates
            .iter()
            .map(|certificate| japanese_date(certificate.not_after));
        Self {
            entity_id: provider.entity_id.clone(),
            sign_in_url: provider.sign_in_url.clone(),
            certificates_end: ends.collect(),
            needs_new_certificate: provider
                .certificates_end_at()
                .is_some_and(|end| end <= now || certificate_warning(end, now).is_some()),
        }
    }
}

/// Shows the single sign-on. The client secret is never shown.
#[utoipa::path(
    get, path = "/api/v1/single-sign-on", tag = "single-sign-on",
    responses(
        (status = 200, body = SingleSignOnView),
        (status = 403, body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn single_sign_on(
    State(app): State<App>,
    AdminUser(admin): AdminUser,
) -> Result<Json<SingleSignOnView>, Problem> {
    require_system_administrator(&admin)?;
    let workspace = app.workspace(&admin.workspace_id).await?;
    Ok(Json(view(&app, &workspace)))
}

/// Returns the single sign-on of a workspace.
pub(crate) fn view(app: &App, workspace: &Workspace) -> SingleSignOnView {
    let sso = workspace.single_sign_on.as_ref();
    let oidc = sso.and_then(SingleSignOn::oidc);
    let (base, id) = (&app.connections.public_base_url, &workspace.workspace_id);
    SingleSignOnView {
        tested: workspace.sso_configured(),
        issuer: oidc.map(|provider| provider.issuer.clone()),
        client_id: oidc.map(|provider| provider.client_id.clone()),
        redirect_uri: format!("{base}/sso/callback/{id}"),
        saml_provider: sso
            .and_then(SingleSignOn::saml)
            .map(|provider| SamlProviderView::of(provider, app.now())),
        entity_id: format!("{base}/sso/metadata/{id}"),
        acs_url: format!("{base}/sso/acs/{id}"),
        sign_in_url: format!("{base}/sso/{}", workspace.company_code),
    }
}
