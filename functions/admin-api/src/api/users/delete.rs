//! 「削除する」: deletes a user.

use axum::Json;
use axum::extract::State;
use web::Problem;

use super::problem::problem;
use crate::api::message::Message;
use crate::app::App;
use crate::auth::api::ConfirmedAdmin;
use crate::input::Id;
use crate::openapi::ProblemDocument;

/// The message after a deletion.
pub(crate) const DELETED: &str = "ユーザーを削除しました。30日以内は復元できます。";

/// Deletes a user: an open invitation and all sessions end with them. The next run adds
/// them again if they are still employed in SmartHR.
#[utoipa::path(
    delete, path = "/api/v1/users/{id}", tag = "users",
    params(("id" = Id, Path, description = "The user's id")),
    responses(
        (status = 200, body = Message),
        (status = 403, body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn delete_user(
    State(app): State<App>,
    ConfirmedAdmin(admin): ConfirmedAdmin,
    Id(user_id): Id,
) -> Result<Json<Message>, Problem> {
    let accounts = app.accounts(&admin);
    let user = accounts.find(&user_id).await.map_err(problem)?;
    accounts.delete(user).await.map_err(problem)?;
    Ok(Message::new(DELETED))
}
