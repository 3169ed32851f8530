//! 「SmartHRとの紐付けを解除」: for somebody whose record in SmartHR was deleted and made anew. The old tie
//! keeps their address and code, so that the new record fails every night.

use axum::Json;
use axum::extract::State;
use domain::Connection;
use domain::User;
use storage::transaction::{Commit, CredentialHashChanges, UserWrite};
use web::{Problem, SignedIn};

use crate::app::App;
use crate::gate::Manager;
use crate::input::Id;
use crate::openapi::ProblemDocument;
use crate::roles::check_may_act_on;
use crate::user_view::{UserView, is_locked};
use crate::users::find;

/// Unties a user from SmartHR: all fields can be edited, and the next run matches them anew, by e-mail
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
    Manager(signed_in): Manager,
    Id(user_id): Id,
) -> Result<Json<UserView>, Problem> {
    let id = &signed_in.workspace_id;
    let before = find(&app, id, user_id).await?;
    let link = app.store().connection(id).await?;
    let after = unlink_one(&app, &signed_in, link.as_ref(), before).await?;
    Ok(Json(UserView::of(&after, link.as_ref(), app.now())))
}

/// Unties a user who is `before` now, and gives them as they are afterwards. The group that the sync gave
/// stays known as its own, so that matching them anew can still move it.
///
/// # Errors
/// The 403 or 409 that says why not, the 503 when DynamoDB does not answer.
pub(crate) async fn unlink_one(
    app: &App,
    signed_in: &SignedIn,
    link: Option<&Connection>,
    before: User,
) -> Result<User, Problem> {
    check_may_act_on(&signed_in.user, &before)?;
    if !is_locked(&before, link) {
        return Err(Problem::conflict(
            "not_linked",
            "このユーザーはSmartHRと紐付けられていません。",
        ));
    }
    let after = User {
        crew_link: None,
        version: before.version + 1,
        ..before.clone()
    };
    let commit = Commit {
        users: vec![UserWrite::Change {
            before,
            after: after.clone(),
            hashes: CredentialHashChanges::default(),
        }],
        ..Commit::default()
    };
    app.store()
        .commit(&signed_in.workspace_id, &commit, app.now())
        .await?;
    Ok(after)
}
