//! 「SmartHRとの紐付けを解除」: removes a user's crew link.

use axum::Json;
use axum::extract::State;
use web::Problem;

use super::problem::problem;
use super::view::UserView;
use crate::app::App;
use crate::auth::api::AdminUser;
use crate::input::Id;
use crate::openapi::ProblemDocument;

/// Unties a user from SmartHR: all fields can be edited, and the next run matches them again, by e-mail
/// and then by employee code.
#[utoipa::path(
    delete, path = "/api/v1/users/{id}/link", tag = "users",
    params(("id" = Id, Path, description = "The user's id")),
    responses(
        (status = 200, body = UserView),
        (status = 403, body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn unlink(
    State(app): State<App>,
    AdminUser(admin): AdminUser,
    Id(user_id): Id,
) -> Result<Json<UserView>, Problem> {
    let accounts = app.accounts(&admin);
    let user = accounts.find(&user_id).await.map_err(problem)?;
    let connection = app.store().connection(&admin.workspace_id).await?;
    let connection = connection.as_ref();
    let user = accounts.unlink(connection, user).await.map_err(problem)?;
    Ok(Json(UserView::of(&user, connection, app.now())))
}
