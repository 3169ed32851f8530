//! People who were deleted within the last 30 days, and come back.

use axum::Json;
use axum::extract::State;
use domain::{Role, User, WorkspaceId};
use jiff::Timestamp;
use serde::Serialize;
use storage::deleted_users::DeletedUser;
use storage::deleted_users::RESTORABLE;
use storage::transaction::{Commit, UserWrite};
use utoipa::ToSchema;
use web::{Problem, SignedIn};

use crate::app::App;
use crate::gate::Manager;
use crate::identity::check_free;
use crate::input::Id;
use crate::openapi::ProblemDocument;
use crate::roles::check_may_act_on;
use crate::user_view::UserView;
use crate::users::unknown_user;
use crate::words::RoleWord;

/// Somebody who was deleted.
#[derive(Serialize, ToSchema)]
pub(crate) struct DeletedUserView {
    id: String,
    /// 氏名
    name: String,
    email: Option<String>,
    /// 従業員コード
    employee_code: Option<String>,
    #[schema(value_type = RoleWord)]
    role: Role,
    /// RFC 3339
    #[schema(format = DateTime)]
    deleted_at: String,
    /// RFC 3339
    #[schema(format = DateTime)]
    restorable_until: String,
}

/// Everybody who can be restored.
#[derive(Serialize, ToSchema)]
pub(crate) struct DeletedUsers {
    /// Deleted last comes first.
    users: Vec<DeletedUserView>,
}

/// Lists who can be restored.
#[utoipa::path(
    get, path = "/api/v1/deleted-users", tag = "users",
    responses(
        (status = 200, body = DeletedUsers),
        (status = 403, body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn deleted_users(
    State(app): State<App>,
    Manager(signed_in): Manager,
) -> Result<Json<DeletedUsers>, Problem> {
    let users = restorable(&app, &signed_in.workspace_id)
        .await?
        .into_iter()
        .map(|deleted| {
            let restorable_until = restorable_until(&deleted).to_string();
            DeletedUserView {
                id: deleted.user.user_id.to_string(),
                name: deleted.user.name,
                email: deleted.user.email.as_ref().map(ToString::to_string),
                employee_code: deleted.user.code.as_ref().map(ToString::to_string),
                role: deleted.user.role,
                deleted_at: deleted.deleted_at.to_string(),
                restorable_until,
            }
        })
        .collect();
    Ok(Json(DeletedUsers { users }))
}

/// Who can be restored. Deleted last comes first.
///
/// # Errors
/// The 503 when DynamoDB does not answer.
pub(crate) async fn restorable(app: &App, id: &WorkspaceId) -> Result<Vec<DeletedUser>, Problem> {
    let now = app.now();
    let mut deleted = app.store().deleted_users(id).await?;
    deleted.retain(|deleted| now < restorable_until(deleted));
    Ok(deleted)
}

/// Restores somebody, who takes a seat again. The tie to SmartHR does not come back: as somebody who is
/// retired there they would be deleted again the next night. Who is employed there is found again by
/// address or code.
#[utoipa::path(
    post, path = "/api/v1/deleted-users/{id}/restore", tag = "users",
    params(("id" = Id, Path, description = "The user's id")),
    responses(
        (status = 200, body = UserView),
        (status = 403, body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn restore(
    State(app): State<App>,
    Manager(signed_in): Manager,
    Id(user_id): Id,
) -> Result<Json<UserView>, Problem> {
    let after = restore_one(&app, &signed_in, &user_id).await?;
    Ok(Json(UserView::of(&after, None, app.now())))
}

/// Restores somebody, and gives them as they are afterwards.
///
/// # Errors
/// The 404 when there is nobody to restore, the 403 or 409 that says what is in the way, the 503 when
/// DynamoDB does not answer.
pub(crate) async fn restore_one(
    app: &App,
    signed_in: &SignedIn,
    user_id: &str,
) -> Result<User, Problem> {
    let id = &signed_in.workspace_id;
    let deleted = restorable(app, id)
        .await?
        .into_iter()
        .find(|deleted| deleted.user.user_id.as_str() == user_id)
        .ok_or_else(unknown_user)?;
    check_may_act_on(&signed_in.user, &deleted.user)?;
    let after = restored(deleted.user);
    check_free(app, id, &after).await?;
    let commit = Commit {
        users: vec![UserWrite::Restore {
            after: after.clone(),
        }],
        seats: app.workspace(id).await?.seats,
        ..Commit::default()
    };
    app.store().commit(id, &commit, app.now()).await?;
    Ok(after)
}

fn restored(deleted: User) -> User {
    User {
        crew_link: None,
        synced_group: None,
        invitation: None,
        version: deleted.version + 1,
        ..deleted
    }
}

/// Until when somebody can be restored.
pub(crate) fn restorable_until(deleted: &DeletedUser) -> Timestamp {
    deleted
        .deleted_at
        .checked_add(RESTORABLE)
        .unwrap_or(Timestamp::MAX)
}
