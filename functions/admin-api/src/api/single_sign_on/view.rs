//! What is configured, and what has to be registered at the identity provider.

use axum::Json;
use axum::extract::State;
use domain::Workspace;
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
    /// The redirect URI to register at the provider.
    pub(crate) redirect_uri: String,
    /// The address at which people sign in by SSO.
    pub(crate) sign_in_url: String,
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
    let provider = workspace.single_sign_on.as_ref().map(|sso| &sso.provider);
    let (base, id) = (&app.connections.public_base_url, &workspace.workspace_id);
    SingleSignOnView {
        tested: workspace.sso_configured(),
        issuer: provider.map(|provider| provider.issuer.clone()),
        client_id: provider.map(|provider| provider.client_id.clone()),
        redirect_uri: format!("{base}/sso/callback/{id}"),
        sign_in_url: format!("{base}/sso/{}", workspace.company_code),
    }
}
