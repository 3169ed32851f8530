//! 「ログアウトさせる」: ends all sessions of a user.

use axum::Json;
use axum::extract::State;
use web::Problem;

use super::problem::problem;
use crate::api::message::Message;
use crate::app::App;
use crate::auth::api::AdminUser;
use crate::input::Id;
use crate::openapi::ProblemDocument;

/// The message after the sessions ended.
pub(crate) const SIGNED_OUT: &str = "ユーザーをすべてのブラウザーからログアウトさせました。";

/// Signs a user out of every browser. What they sign in with stays as it is.
#[utoipa::path(
    delete, path = "/api/v1/users/{id}/sessions", tag = "users",
    params(("id" = Id, Path, description = "The user's id")),
    responses(
        (status = 200, body = Message),
        (status = 403, body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn end_sessions(
    State(app): State<App>,
    AdminUser(admin): AdminUser,
    Id(user_id): Id,
) -> Result<Json<Message>, Problem> {
    let accounts = app.accounts(&admin);
    let user = accounts.find(&user_id).await.map_err(problem)?;
    accounts.sign_out(user).await.map_err(problem)?;
    Ok(Message::new(SIGNED_OUT))
}
