//! [二段階認証を解除]: removes the second factors of a user who has lost them.

use axum::Json;
use axum::extract::State;
use web::Problem;

use super::problem::problem;
use crate::api::message::Message;
use crate::app::App;
use crate::auth::api::ConfirmedAdmin;
use crate::input::Id;
use crate::openapi::ProblemDocument;

/// The message after the second factors were removed.
pub(crate) const RESET: &str =
    "二段階認証を解除し、ユーザーをすべてのブラウザーからログアウトさせました。";

/// Removes all second factors of a user and signs them out. Another システム管理者 may do it. The user is mailed.
#[utoipa::path(
    delete, path = "/api/v1/users/{id}/second-factors", tag = "users",
    params(("id" = Id, Path, description = "The user's id")),
    responses(
        (status = 200, body = Message),
        (status = 403, body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn reset_second_factors(
    State(app): State<App>,
    ConfirmedAdmin(admin): ConfirmedAdmin,
    Id(user_id): Id,
) -> Result<Json<Message>, Problem> {
    let accounts = app.accounts(&admin);
    let user = accounts.find(&user_id).await.map_err(problem)?;
    accounts.reset_second_factors(user).await.map_err(problem)?;
    Ok(Message::new(RESET))
}
