//! Users who were deleted within the last 30 days, and 「復元する」.

use accounts::restorable_until;
use axum::Json;
use axum::extract::State;
use domain::Role;
use serde::Serialize;
use utoipa::ToSchema;
use web::Problem;

use super::problem::problem;
use super::view::UserView;
use crate::app::App;
use crate::auth::api::{AdminUser, ConfirmedAdmin};
use crate::input::Id;
use crate::openapi::ProblemDocument;

/// Somebody who was deleted.
#[derive(Serialize, ToSchema)]
pub(crate) struct DeletedUserView {
    id: String,
    /// 氏名
    name: String,
    email: Option<String>,
    /// 従業員コード
    employee_code: Option<String>,
    role: Role,
    /// RFC 3339
    #[schema(format = DateTime)]
    deleted_at: String,
    /// RFC 3339
    #[schema(format = DateTime)]
    restorable_until: String,
}

/// Everybody who can be restored.
#[derive(Serialize, ToSchema)]
pub(crate) struct DeletedUsers {
    /// Deleted last comes first.
    users: Vec<DeletedUserView>,
}

/// Lists who can be restored.
#[utoipa::path(
    get, path = "/api/v1/deleted-users", tag = "users",
    responses(
        (status = 200, body = DeletedUsers),
        (status = 403, body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn deleted_users(
    State(app): State<App>,
    AdminUser(admin): AdminUser,
) -> Result<Json<DeletedUsers>, Problem> {
    let users = app
        .accounts(&admin)
        .restorable()
        .await?
        .into_iter()
        .map(|deleted| {
            let restorable_until = restorable_until(&deleted).to_string();
            DeletedUserView {
                id: deleted.user.user_id.to_string(),
                name: deleted.user.name,
                email: deleted.user.email.as_ref().map(ToString::to_string),
                employee_code: deleted.user.code.as_ref().map(ToString::to_string),
                role: deleted.user.role,
                deleted_at: deleted.deleted_at.to_string(),
                restorable_until,
            }
        })
        .collect();
    Ok(Json(DeletedUsers { users }))
}

/// Restores somebody, who takes a seat again. The tie to SmartHR does not come back: as somebody who is
/// retired there they would be deleted again the next night. Who is employed there is found again by
/// address or code.
#[utoipa::path(
    post, path = "/api/v1/deleted-users/{id}/restore", tag = "users",
    params(("id" = Id, Path, description = "The user's id")),
    responses(
        (status = 200, body = UserView),
        (status = 403, body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn restore(
    State(app): State<App>,
    ConfirmedAdmin(admin): ConfirmedAdmin,
    Id(user_id): Id,
) -> Result<Json<UserView>, Problem> {
    let workspace = app.workspace(&admin.workspace_id).await?;
    let accounts = app.accounts(&admin);
    let user = accounts.restore(&workspace, &user_id).await;
    let user = user.map_err(problem)?;
    Ok(Json(UserView::of(&user, None, app.now())))
}
