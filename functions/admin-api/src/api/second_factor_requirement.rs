//! セキュリティ → 二段階認証: whether システム管理者 and 管理者 must have a second factor.

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use domain::audit::changes_of_second_factor_requirement;
use domain::{AuditAction, AuditEvent, Workspace};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::{Input, Problem, SignedIn};

use crate::api::message::Message;
use crate::app::App;
use crate::auth::api::{AdminUser, ConfirmedAdmin};
use crate::auth::require_system_administrator;
use crate::openapi::ProblemDocument;

/// What is said when a second factor is asked for.
pub(crate) const REQUIRED: &str = "システム管理者・管理者に、二段階認証を必須にしました。設定していない方は、14日以内に設定する必要があります。";
/// What is said when it is not asked for any more.
pub(crate) const NOT_REQUIRED: &str = "二段階認証の必須設定を解除しました。";

/// Whether システム管理者 and 管理者 who sign in by a password must have a second factor.
#[derive(Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SecondFactorRequirement {
    /// Those who have none may wait for 14 days, from when it is asked for or from when they became an admin.
    pub(crate) required: bool,
}

pub(super) fn routes() -> Router<App> {
    Router::new().route(
        "/api/v1/second-factor-requirement",
        get(second_factor_requirement).put(save_second_factor_requirement),
    )
}

/// Tells whether admins must have a second factor.
#[utoipa::path(
    get, path = "/api/v1/second-factor-requirement", tag = "security",
    responses(
        (status = 200, body = SecondFactorRequirement),
        (status = 403, body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn second_factor_requirement(
    State(app): State<App>,
    AdminUser(admin): AdminUser,
) -> Result<Json<SecondFactorRequirement>, Problem> {
    require_system_administrator(&admin)?;
    let workspace = app.workspace(&admin.workspace_id).await?;
    let required = workspace.second_factor_required_since.is_some();
    Ok(Json(SecondFactorRequirement { required }))
}

/// Says whether admins must have a second factor.
#[utoipa::path(
    put, path = "/api/v1/second-factor-requirement", tag = "security",
    request_body = SecondFactorRequirement,
    responses(
        (status = 200, body = Message),
        (status = 403, body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn save_second_factor_requirement(
    State(app): State<App>,
    ConfirmedAdmin(admin): ConfirmedAdmin,
    Input(wanted): Input<SecondFactorRequirement>,
) -> Result<Json<Message>, Problem> {
    let workspace = app.workspace(&admin.workspace_id).await?;
    save(&app, &admin, &workspace, wanted.required).await?;
    Ok(Message::new(if wanted.required {
        REQUIRED
    } else {
        NOT_REQUIRED
    }))
}

/// Saves whether a second factor is asked for; does nothing where it is so already.
///
/// # Errors
/// The 403 for others than システム管理者, the 409 when somebody else saved at the same moment.
pub(crate) async fn save(
    app: &App,
    admin: &SignedIn,
    workspace: &Workspace,
    required: bool,
) -> Result<(), Problem> {
    require_system_administrator(admin)?;
    let before = workspace.second_factor_required_since.is_some();
    if before == required {
        return Ok(());
    }
    let now = app.now();
    let action = AuditAction::SecondFactorRequirementSaved;
    let event = AuditEvent::new(&admin.author(), action, now)
        .with_changes(changes_of_second_factor_requirement(before, required));
    let since = required.then_some(now);
    app.store()
        .put_second_factor_requirement(&workspace.workspace_id, since, &event)
        .await?;
    Ok(())
}
