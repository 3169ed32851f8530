//! 関連企業管理: which people of the parent company may enter the workspace. Whether an address has an account there is
//! nobody's to know here: it is asked when somebody enters.

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use domain::{
    AuditAction, RelatedCompanyError, RelatedCompanyRole, RelatedCompanyUser, Workspace,
    parse_related_address,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::{Input, Problem, SignedIn};

use crate::api::message::Message;
use crate::api::workspace_change::save_workspace;
use crate::app::App;
use crate::auth::api::{AdminUser, ConfirmedAdmin};
use crate::auth::require_system_administrator;
use crate::openapi::ProblemDocument;

/// What is said when the list was saved.
const SAVED: &str = "関連企業ワークスペースにアクセス可能なユーザーを保存しました。";

/// Somebody of the parent company who may enter.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RelatedCompanyUserFields {
    /// The address of their account in the parent company's workspace
    email: String,
    /// What they are in this workspace
    role: RelatedCompanyRole,
}

/// The people of the parent company who may enter.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RelatedCompanyUsers {
    /// At most 100.
    users: Vec<RelatedCompanyUserFields>,
}

/// The parent company, and its people who may enter.
#[derive(Serialize, ToSchema)]
pub(crate) struct RelatedCompaniesView {
    /// 企業コード of the parent company; `null` if the contract names none.
    parent_company_code: Option<String>,
    users: Vec<RelatedCompanyUserFields>,
}

pub(super) fn routes() -> Router<App> {
    Router::new().route(
        "/api/v1/related-company-users",
        get(related_company_users).put(save_related_company_users),
    )
}

/// Lists who of the parent company may enter, with an account there that is active.
#[utoipa::path(
    get, path = "/api/v1/related-company-users", tag = "related-companies",
    responses(
        (status = 200, body = RelatedCompaniesView),
        (status = 403, body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn related_company_users(
    State(app): State<App>,
    AdminUser(admin): AdminUser,
) -> Result<Json<RelatedCompaniesView>, Problem> {
    let workspace = app.workspace(&admin.workspace_id).await?;
    let parent = parent(&app, &workspace).await?;
    let users = workspace.related_company_users.into_iter();
    let users = users.map(|user| RelatedCompanyUserFields {
        email: user.email.to_string(),
        role: user.role,
    });
    Ok(Json(RelatedCompaniesView {
        parent_company_code: parent.map(|parent| parent.company_code),
        users: users.collect(),
    }))
}

/// Says who of the parent company may enter; nobody else may from then on.
#[utoipa::path(
    put, path = "/api/v1/related-company-users", tag = "related-companies",
    request_body = RelatedCompanyUsers,
    responses(
        (status = 200, body = Message),
        (status = 400, body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn save_related_company_users(
    State(app): State<App>,
    ConfirmedAdmin(admin): ConfirmedAdmin,
    Input(wanted): Input<RelatedCompanyUsers>,
) -> Result<Json<Message>, Problem> {
    require_system_administrator(&admin)?;
    let workspace = app.workspace(&admin.workspace_id).await?;
    let user = |fields: &RelatedCompanyUserFields| {
        parse_related_address(&fields.email).map(|email| RelatedCompanyUser {
            email,
            role: fields.role,
        })
    };
    let users: Result<Vec<_>, _> = wanted.users.iter().map(user).collect();
    let users = users.map_err(|error| problem(&error))?;
    save(&app, &admin, &workspace, users).await?;
    Ok(Message::new(SAVED))
}

/// Returns the parent company's workspace; `None` if the contract names none.
///
/// # Errors
/// The 503 when DynamoDB does not answer.
pub(crate) async fn parent(app: &App, workspace: &Workspace) -> Result<Option<Workspace>, Problem> {
    match &workspace.parent_workspace_id {
        Some(id) => Ok(app.store().workspace_to_show(id).await?),
        None => Ok(None),
    }
}

/// Saves who of the parent company may enter; does nothing where it is these already.
///
/// # Errors
/// The 403 for others than システム管理者, the 400 or 409 that says why not.
pub(crate) async fn save(
    app: &App,
    admin: &SignedIn,
    workspace: &Workspace,
    users: Vec<RelatedCompanyUser>,
) -> Result<(), Problem> {
    require_system_administrator(admin)?;
    let after = workspace.clone().with_related_company_users(users);
    let after = after.map_err(|error| problem(&error))?;
    let action = AuditAction::RelatedCompanyUsersSaved;
    save_workspace(app, admin, workspace, &after, action).await
}

/// Returns the problem document for a refusal.
pub(crate) fn problem(error: &RelatedCompanyError) -> Problem {
    let (status, code) = match error {
        RelatedCompanyError::NoParent => (StatusCode::CONFLICT, "no_parent_company"),
        RelatedCompanyError::NotAnAddress(_) => (StatusCode::BAD_REQUEST, "invalid_email"),
        RelatedCompanyError::TooMany => (StatusCode::CONFLICT, "too_many_users"),
    };
    Problem::new(status, code, error.sentence())
}
