//! The session of the signed-in user.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use domain::Role;
use serde::Serialize;
use utoipa::ToSchema;
use web::{NextStep, Problem, SignedIn};

use crate::app::App;
use crate::openapi::ProblemDocument;

/// Who is signed in, and where.
#[derive(Serialize, ToSchema)]
pub(crate) struct SessionView {
    workspace_id: String,
    workspace_name: String,
    /// 企業コード
    company_code: String,
    user_id: String,
    name: String,
    role: Role,
    /// Whether integration, runs and users are this person's to manage.
    can_manage: bool,
    /// For the header X-CSRF-Token of every write.
    csrf_token: String,
    /// Signed in with an initial password: everything but replacing it is refused.
    must_replace_password: bool,
}

/// Tells who is signed in; also for those who have to replace their initial password or to set a second
/// factor up first, but not before the second factor was given.
#[utoipa::path(
    get, path = "/api/v1/session", tag = "session",
    responses(
        (status = 200, body = SessionView),
        (status = 401, body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn session(
    State(app): State<App>,
    headers: HeaderMap,
) -> Result<Json<SessionView>, Problem> {
    let signed_in = SignedIn::find(app.store(), &headers, app.now())
        .await?
        .ok_or_else(Problem::not_signed_in)?;
    if let Some(step @ NextStep::SecondFactor) = signed_in.next_step() {
        return Err(step.problem());
    }
    let workspace = app.store().workspace_to_show(&signed_in.workspace_id);
    let workspace = workspace.await?.ok_or_else(Problem::internal)?;
    let role = signed_in.user.role;
    let can_manage = role.may_manage_connection() && signed_in.has_full_access();
    Ok(Json(SessionView {
        workspace_id: workspace.workspace_id.to_string(),
        workspace_name: workspace.name,
        company_code: workspace.company_code,
        user_id: signed_in.user.user_id.to_string(),
        name: signed_in.user.name,
        role,
        can_manage,
        csrf_token: signed_in.session.csrf,
        must_replace_password: signed_in.session.must_replace_password,
    }))
}
