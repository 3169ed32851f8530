//! 「削除する」: takes a user out of the workspace, which frees a seat. They can be restored for 30 days.

use axum::Json;
use axum::extract::State;
use domain::{Role, User};
use storage::transaction::{Commit, UserWrite};
use web::{Problem, SignedIn};

use crate::app::App;
use crate::gate::Manager;
use crate::input::Id;
use crate::openapi::ProblemDocument;
use crate::roles::check_may_delete;
use crate::settings::Message;
use crate::users::find;

/// What is said when somebody was deleted.
pub(crate) const DELETED: &str = "ユーザーを削除しました。30日以内は復元できます。";

/// Deletes a user: an open invitation and all sessions end with them. The next run adds somebody anew
/// who is still employed in SmartHR.
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
    Manager(signed_in): Manager,
    Id(user_id): Id,
) -> Result<Json<Message>, Problem> {
    let before = find(&app, &signed_in.workspace_id, user_id).await?;
    delete_one(&app, &signed_in, before).await?;
    Ok(Message::new(DELETED))
}

/// Deletes a user who is `before` now. Nobody deletes themselves and only a システム管理者 deletes one, who stays one
/// in the same transaction: so one always remains.
///
/// # Errors
/// The 403 that says why not, the 409 when somebody else changed the user, the 503 when DynamoDB does not
/// answer.
pub(crate) async fn delete_one(
    app: &App,
    signed_in: &SignedIn,
    before: User,
) -> Result<(), Problem> {
    check_may_delete(&signed_in.user, &before)?;
    let mut users = Vec::new();
    if before.role == Role::SystemAdministrator {
        users.push(UserWrite::as_it_is(&signed_in.user));
    }
    users.push(UserWrite::Delete { before });
    let commit = Commit {
        users,
        ..Commit::default()
    };
    app.store()
        .commit(&signed_in.workspace_id, &commit, app.now())
        .await?;
    Ok(())
}
