//! 「パスワード再設定メールを送信」: links to choose a new password, for one user or for several.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use web::{Input, Problem};

use super::invitations::{RefusedView, UserIds};
use super::problem::problem;
use crate::app::App;
use crate::auth::api::AdminUser;
use crate::idempotency::Attempt;
use crate::openapi::ProblemDocument;

/// The message after a link was sent.
pub(crate) const SENT: &str = "パスワード再設定メールを送信しました。";

/// Who was sent a link, and who was not.
#[derive(Serialize, ToSchema)]
#[schema(as = PasswordResets)]
pub(crate) struct PasswordResetsView {
    /// Who was sent a link.
    sent: Vec<String>,
    /// Who was not.
    refused: Vec<RefusedView>,
}

/// Mails people a link to choose a new password. Their present password works until they use it.
#[utoipa::path(
    post, path = "/api/v1/users/password-resets", tag = "users",
    request_body = UserIds,
    responses(
        (status = 200, body = PasswordResetsView),
        (status = 400, body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn send(
    State(app): State<App>,
    AdminUser(admin): AdminUser,
    attempt: Attempt,
    Input(input): Input<UserIds>,
) -> Result<Json<PasswordResetsView>, Problem> {
    let accounts = app.accounts_for(&admin, attempt);
    let result = accounts.send_password_resets(input.user_ids).await;
    let result = result.map_err(problem)?;
    Ok(Json(PasswordResetsView {
        sent: result.mailed,
        refused: result.refused.into_iter().map(RefusedView::of).collect(),
    }))
}
