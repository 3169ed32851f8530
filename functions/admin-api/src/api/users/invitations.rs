//! 「再招待」: new invitations for one user, or for several at once.

use accounts::NotMailed;
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::{Input, Problem};

use super::problem::problem;
use crate::api::message::Message;
use crate::app::App;
use crate::auth::api::AdminUser;
use crate::idempotency::Attempt;
use crate::input::Id;
use crate::openapi::ProblemDocument;

/// The message after an invitation.
pub(crate) const INVITED: &str = "招待メールを送信しました。";

/// Invites one person again.
#[utoipa::path(
    post, path = "/api/v1/users/{id}/invitation", tag = "users",
    params(("id" = Id, Path, description = "The user's id")),
    responses(
        (status = 200, body = Message),
        (status = 403, body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, body = ProblemDocument, content_type = "application/problem+json"),
        (status = 429, body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn invite(
    State(app): State<App>,
    AdminUser(admin): AdminUser,
    Id(user_id): Id,
    attempt: Attempt,
) -> Result<Json<Message>, Problem> {
    let accounts = app.accounts_for(&admin, attempt);
    let user = accounts.find(&user_id).await.map_err(problem)?;
    let workspace = app.workspace(&admin.workspace_id).await?;
    accounts.invite(&workspace, user).await.map_err(problem)?;
    Ok(Message::new(INVITED))
}

/// Whom to mail.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UserIds {
    /// Ids of users
    #[schema(min_items = 1, max_items = 50)]
    pub(super) user_ids: Vec<String>,
}

/// Somebody who is not mailed.
#[derive(Serialize, ToSchema)]
#[schema(as = Refused)]
pub(super) struct RefusedView {
    user_id: String,
    /// Why, for the person who asked.
    reason: String,
}

impl RefusedView {
    pub(super) fn of(refused: NotMailed) -> Self {
        Self {
            user_id: refused.user_id,
            reason: problem(refused.reason).detail,
        }
    }
}

/// What became of the invitations.
#[derive(Serialize, ToSchema)]
#[schema(as = Invited)]
pub(crate) struct InvitedView {
    /// Who was invited.
    invited: Vec<String>,
    /// Who was not.
    refused: Vec<RefusedView>,
}

/// Invites several people again; those who cannot be invited do not keep the others from it.
#[utoipa::path(
    post, path = "/api/v1/users/invitations", tag = "users",
    request_body = UserIds,
    responses(
        (status = 200, body = InvitedView),
        (status = 400, body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn invite_several(
    State(app): State<App>,
    AdminUser(admin): AdminUser,
    attempt: Attempt,
    Input(input): Input<UserIds>,
) -> Result<Json<InvitedView>, Problem> {
    let workspace = app.workspace(&admin.workspace_id).await?;
    let invited = app
        .accounts_for(&admin, attempt)
        .invite_several(&workspace, input.user_ids)
        .await
        .map_err(problem)?;
    let refused = invited.refused.into_iter().map(RefusedView::of);
    Ok(Json(InvitedView {
        invited: invited.mailed,
        refused: refused.collect(),
    }))
}
