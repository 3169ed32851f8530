//! 「初期パスワードを再発行」: issues a new initial password.

use axum::Json;
use axum::extract::State;
use web::Problem;

use super::problem::problem;
use crate::api::message::Message;
use crate::app::App;
use crate::auth::api::ConfirmedAdmin;
use crate::idempotency::Attempt;
use crate::input::Id;
use crate::openapi::ProblemDocument;

/// The message after an initial password was issued.
pub(crate) const ISSUED: &str = "初期パスワードを再発行し、システム管理者にメールで送信しました。";

/// Issues a new initial password: a mail to every システム管理者 with an e-mail address. What the person
/// signed in with before no longer works.
#[utoipa::path(
    post, path = "/api/v1/users/{id}/initial-password", tag = "users",
    params(("id" = Id, Path, description = "The user's id")),
    responses(
        (status = 200, body = Message),
        (status = 403, body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn issue(
    State(app): State<App>,
    ConfirmedAdmin(admin): ConfirmedAdmin,
    Id(user_id): Id,
    attempt: Attempt,
) -> Result<Json<Message>, Problem> {
    let accounts = app.accounts_for(&admin, attempt);
    let user = accounts.find(&user_id).await.map_err(problem)?;
    accounts
        .issue_initial_password(user)
        .await
        .map_err(problem)?;
    Ok(Message::new(ISSUED))
}
