//! Users who were deleted within the last 30 days, and 「復元する」.

use std::num::NonZeroU16;

use accounts::restorable_until;
use axum::Json;
use axum::extract::State;
use domain::Role;
use serde::{Deserialize, Serialize};
use storage::deleted_users::DeletedUser;
use utoipa::{IntoParams, ToSchema};
use web::Problem;

use super::problem::problem;
use super::view::UserView;
use crate::app::App;
use crate::auth::api::{AdminUser, ConfirmedAdmin};
use crate::input::{Id, Params};
use crate::openapi::ProblemDocument;

/// Somebody who was deleted.
#[derive(Serialize, ToSchema)]
pub(crate) struct DeletedUserView {
    id: String,
    /// 氏名
    name: String,
    email: Option<String>,
    /// 従業員コード
    employee_code: Option<String>,
    role: Role,
    /// RFC 3339
    #[schema(format = DateTime)]
    deleted_at: String,
    /// RFC 3339
    #[schema(format = DateTime)]
    restorable_until: String,
}

/// The number of people on one page.
const PAGE: usize = 200;

/// Whom to show.
#[derive(Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct DeletedUsersQuery {
    /// Part of a name, an e-mail address or an employee code
    q: Option<String>,
    /// Which page
    #[param(value_type = Option<u16>, minimum = 1, maximum = 65535, default = json!(1))]
    page: Option<NonZeroU16>,
}

/// A page of those who can be restored.
#[derive(Serialize, ToSchema)]
pub(crate) struct DeletedUsers {
    /// Deleted last comes first.
    users: Vec<DeletedUserView>,
    /// How many were found in all.
    total: usize,
    page: usize,
    /// How many pages of 200 there are.
    pages: usize,
}

/// Lists who can be restored.
#[utoipa::path(
    get, path = "/api/v1/deleted-users", tag = "users",
    params(DeletedUsersQuery),
    responses(
        (status = 200, body = DeletedUsers),
        (status = 400, body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn deleted_users(
    State(app): State<App>,
    AdminUser(admin): AdminUser,
    Params(query): Params<DeletedUsersQuery>,
) -> Result<Json<DeletedUsers>, Problem> {
    let (id, text) = (&admin.workspace_id, query.q.unwrap_or_default());
    let roster = app.roster(id).await?;
    let found = roster.restorable(app.store(), id, &text, app.now()).await?;
    let page = usize::from(query.page.unwrap_or(NonZeroU16::MIN).get());
    let view = |deleted: &&DeletedUser| DeletedUserView {
        id: deleted.user.user_id.to_string(),
        name: deleted.user.name.clone(),
        email: deleted.user.email.as_ref().map(ToString::to_string),
        employee_code: deleted.user.code.as_ref().map(ToString::to_string),
        role: deleted.user.role,
        deleted_at: deleted.deleted_at.to_string(),
        restorable_until: restorable_until(deleted).to_string(),
    };
    let users = found.iter().skip((page - 1) * PAGE).take(PAGE).map(view);
    Ok(Json(DeletedUsers {
        users: users.collect(),
        total: found.len(),
        page,
        pages: found.len().div_ceil(PAGE),
    }))
}

/// Restores somebody, who takes a seat again. The tie to SmartHR does not come back: as somebody who is
/// retired there they would be deleted again the next night. Somebody employed there is found again by
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
    ConfirmedAdmin(admin): ConfirmedAdmin,
    Id(user_id): Id,
) -> Result<Json<UserView>, Problem> {
    let workspace = app.workspace(&admin.workspace_id).await?;
    let accounts = app.accounts(&admin);
    let user = accounts.restore(&workspace, &user_id).await;
    let user = user.map_err(problem)?;
    Ok(Json(UserView::of(&user, None, app.now())))
}
