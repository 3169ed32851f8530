//! 「初期パスワードを再発行」: new initial passwords for one user, or for several at once.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::{Input, Problem};

use super::invitations::RefusedView;
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

/// Who gets a new initial password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PasswordRecipients {
    /// Ids of users
    #[schema(min_items = 1, max_items = 200)]
    user_ids: Vec<String>,
}

/// What became of the initial passwords.
#[derive(Serialize, ToSchema)]
#[schema(as = InitialPasswords)]
pub(crate) struct InitialPasswordsView {
    /// Who got one.
    issued: Vec<String>,
    /// Who did not.
    refused: Vec<RefusedView>,
}

/// Issues new initial passwords to several people, with one mail about all of them; those who need none do not keep the
/// others from it.
#[utoipa::path(
    post, path = "/api/v1/users/initial-passwords", tag = "users",
    request_body = PasswordRecipients,
    responses(
        (status = 200, body = InitialPasswordsView),
        (status = 400, body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn issue_several(
    State(app): State<App>,
    ConfirmedAdmin(admin): ConfirmedAdmin,
    attempt: Attempt,
    Input(input): Input<PasswordRecipients>,
) -> Result<Json<InitialPasswordsView>, Problem> {
    let accounts = app.accounts_for(&admin, attempt);
    let result = accounts.issue_initial_passwords(input.user_ids).await;
    let result = result.map_err(problem)?;
    Ok(Json(InitialPasswordsView {
        issued: result.mailed,
        refused: result.refused.into_iter().map(RefusedView::of).collect(),
    }))
}
