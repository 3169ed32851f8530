//! 「ユーザー管理」: the list of the workspace's users.

use accounts::{AccountError, RosterEntry, UserFilter};
use axum::Json;
use axum::extract::State;
use domain::is_plain_id;
use domain::{AwaitedLogin, GroupId, LoginMethod, Role, Status, UserId, UserState};
use serde::{Deserialize, Serialize};
use storage::users::UserAndSignIn;
use utoipa::{IntoParams, ToSchema};
use web::Problem;

use super::problem::problem;
use super::view::UserView;
use crate::app::App;
use crate::auth::api::AdminUser;
use crate::input::{Id, Params};
use crate::openapi::ProblemDocument;

/// The default number of users on one page.
pub(crate) const PAGE: usize = 50;
/// The largest number of users on one page.
const LARGEST_PAGE: usize = 200;

/// Which users.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct UsersQuery {
    /// Part of a name, an e-mail address or an employee code
    q: Option<String>,
    /// Only users of this status: invited or active
    status: Option<Status>,
    /// Only users who have not come in yet: any, or password_expired
    awaited: Option<AwaitedLogin>,
    /// Only users in this state
    state: Option<UserState>,
    /// Only users of this role
    role: Option<Role>,
    /// Only users who sign in so
    login_method: Option<LoginMethod>,
    /// Only users who are linked to SmartHR, or only those who are not
    linked: Option<bool>,
    /// Only users who are in this group: its id
    #[param(value_type = Option<Id>)]
    group: Option<String>,
    /// Only users after this one: `next` of the page before
    #[param(value_type = Option<Id>)]
    after: Option<String>,
    /// How many
    #[param(minimum = 1, maximum = 200, default = json!(50))]
    limit: Option<usize>,
}

/// A page of users.
#[derive(Serialize, ToSchema)]
pub(crate) struct UsersPage {
    /// In the order of their ids.
    users: Vec<UserView>,
    /// For `after`, when there may be more.
    next: Option<String>,
}

/// Lists or searches users.
#[utoipa::path(
    get, path = "/api/v1/users", tag = "users",
    params(UsersQuery),
    responses(
        (status = 200, body = UsersPage),
        (status = 400, body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn users(
    State(app): State<App>,
    AdminUser(admin): AdminUser,
    Params(query): Params<UsersQuery>,
) -> Result<Json<UsersPage>, Problem> {
    let limit = query.limit.unwrap_or(PAGE);
    if !(1..=LARGEST_PAGE).contains(&limit)
        || [&query.after, &query.group]
            .into_iter()
            .flatten()
            .any(|id| !is_plain_id(id))
    {
        return Err(Problem::bad_request(
            "bad_request",
            "limitは1から200まで、afterはユーザーのID、groupはグループのIDで指定してください。",
        ));
    }
    let filter = UserFilter {
        status: query.status,
        awaited: query.awaited,
        state: query.state,
        role: query.role,
        login_method: query.login_method,
        linked: query.linked,
        group: query.group.map(GroupId::new),
        ..UserFilter::of_text(&query.q.unwrap_or_default())
    };
    let (id, now) = (&admin.workspace_id, app.now());
    let (roster, connection) =
        tokio::try_join!(app.roster(id), app.store().connection_to_show(id))?;
    let connection = connection.as_ref();
    let after = query.after.map(UserId::new);
    let mut found = roster.found(&filter, connection, now);
    found.retain(|it| after.as_ref().is_none_or(|after| it.user.user_id > *after));
    let is_last = found.len() <= limit;
    found.truncate(limit);
    let last = found.last().filter(|_| !is_last);
    let next = last.map(|it| it.user.user_id.to_string());
    let view = |it: &&RosterEntry| {
        UserView::of(&it.user, connection, now).with_last_sign_in(it.last_sign_in)
    };
    let users = found.iter().map(view).collect();
    Ok(Json(UsersPage { users, next }))
}

/// Shows one user.
#[utoipa::path(
    get, path = "/api/v1/users/{id}", tag = "users",
    params(("id" = Id, Path, description = "The user's id")),
    responses(
        (status = 200, body = UserView),
        (status = 403, body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn user(
    State(app): State<App>,
    AdminUser(admin): AdminUser,
    Id(user_id): Id,
) -> Result<Json<UserView>, Problem> {
    let (store, id) = (app.store(), &admin.workspace_id);
    let found = store.user_and_sign_in(id, &UserId::new(user_id)).await?;
    let UserAndSignIn { user, last_sign_in } =
        found.ok_or_else(|| problem(AccountError::UnknownUser))?;
    let connection = store.connection_to_show(id).await?;
    let view = UserView::of(&user, connection.as_ref(), app.now());
    Ok(Json(view.with_last_sign_in(last_sign_in)))
}
