//! セキュリティ → ドメイン制限: the domains that new addresses of the workspace may have.

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use domain::allowed_domains::{DomainsError, parse_domains};
use domain::{AuditAction, Workspace};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::{Input, Problem, SignedIn};

use crate::api::message::Message;
use crate::api::workspace_change::save_workspace;
use crate::app::App;
use crate::auth::api::{AdminUser, ConfirmedAdmin};
use crate::auth::require_system_administrator;
use crate::openapi::ProblemDocument;

/// What is said when new addresses may have some domains only.
pub(crate) const LIMITED: &str = "ドメイン制限を保存しました。新しく登録するメールアドレスに適用されます。登録済みのユーザーには影響しません。";
/// What is said when new addresses may have any domain.
pub(crate) const ANY: &str =
    "ドメイン制限を無効にしました。すべてのドメインのメールアドレスを登録できます。";

/// The domains that new addresses may have.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AllowedDomains {
    /// At most ten; each with or without an @ before it. Empty allows any.
    pub(crate) domains: Vec<String>,
}

pub(super) fn routes() -> Router<App> {
    Router::new().route(
        "/api/v1/allowed-domains",
        get(allowed_domains).put(save_allowed_domains),
    )
}

/// Tells the domains that new addresses may have.
#[utoipa::path(
    get, path = "/api/v1/allowed-domains", tag = "security",
    responses(
        (status = 200, body = AllowedDomains),
        (status = 403, body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn allowed_domains(
    State(app): State<App>,
    AdminUser(admin): AdminUser,
) -> Result<Json<AllowedDomains>, Problem> {
    let workspace = app.workspace(&admin.workspace_id).await?;
    let domains = workspace.allowed_domains;
    Ok(Json(AllowedDomains { domains }))
}

/// Says which domains new addresses may have. Those who are registered stay as they are.
#[utoipa::path(
    put, path = "/api/v1/allowed-domains", tag = "security",
    request_body = AllowedDomains,
    responses(
        (status = 200, body = Message),
        (status = 400, body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn save_allowed_domains(
    State(app): State<App>,
    ConfirmedAdmin(admin): ConfirmedAdmin,
    Input(wanted): Input<AllowedDomains>,
) -> Result<Json<Message>, Problem> {
    require_system_administrator(&admin)?;
    let workspace = app.workspace(&admin.workspace_id).await?;
    let typed = wanted.domains.iter().map(String::as_str);
    let domains = parse_domains(typed).map_err(|wrong| problem(&wrong))?;
    let is_limited = !domains.is_empty();
    save(&app, &admin, &workspace, domains).await?;
    Ok(Message::new(if is_limited { LIMITED } else { ANY }))
}

/// Returns the 400 for domains that are none.
pub(crate) fn problem(wrong: &DomainsError) -> Problem {
    Problem::bad_request("invalid_domains", wrong.sentence())
}

/// Saves the domains; does nothing where they are these already.
///
/// # Errors
/// The 403 for others than システム管理者, the 409 when somebody else changed the workspace at the same moment.
pub(crate) async fn save(
    app: &App,
    admin: &SignedIn,
    workspace: &Workspace,
    domains: Vec<String>,
) -> Result<(), Problem> {
    require_system_administrator(admin)?;
    if workspace.allowed_domains == domains {
        return Ok(());
    }
    let after = workspace.clone().with_domains_of_admin(domains);
    let action = AuditAction::AllowedDomainsSaved;
    save_workspace(app, admin, workspace, &after, action).await
}
