//! ユーザー管理: who is there.

use axum::Json;
use axum::extract::State;
use domain::{Status, User, UserId, WorkspaceId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use web::Problem;

use crate::app::App;
use crate::gate::Manager;
use crate::input::{Id, Params, is_plain};
use crate::openapi::ProblemDocument;
use crate::user_view::UserView;
use crate::words::StatusWord;

/// Users on one page, unless asked otherwise.
pub(crate) const PAGE: usize = 50;
/// Most users on one page.
const LARGEST_PAGE: usize = 200;

/// Which users.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct UsersQuery {
    /// Part of a name, an e-mail address or an employee code
    q: Option<String>,
    /// Only users of this status: invited or active
    #[param(value_type = Option<StatusWord>)]
    status: Option<Status>,
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
    Manager(signed_in): Manager,
    Params(query): Params<UsersQuery>,
) -> Result<Json<UsersPage>, Problem> {
    let limit = query.limit.unwrap_or(PAGE);
    if !(1..=LARGEST_PAGE).contains(&limit)
        || query.after.as_deref().is_some_and(|id| !is_plain(id))
    {
        return Err(Problem::bad_request(
            "bad_request",
            "limitは1から200まで、afterはユーザーのIDで指定してください。",
        ));
    }
    let id = &signed_in.workspace_id;
    let wanted = Wanted::new(&query.q.unwrap_or_default(), query.status);
    let after = query.after.map(UserId::new);
    let (found, next) = search(&app, id, &wanted, after, limit).await?;
    let link = app.store().connection(id).await?;
    let now = app.now();
    Ok(Json(UsersPage {
        users: found
            .iter()
            .map(|user| UserView::of(user, link.as_ref(), now))
            .collect(),
        next: next.map(|next| next.to_string()),
    }))
}

/// Whom to look for.
pub(crate) struct Wanted {
    /// Part of a name, an address or a code, in small letters.
    text: String,
    status: Option<Status>,
}

impl Wanted {
    /// `text` as somebody typed it.
    pub(crate) fn new(text: &str, status: Option<Status>) -> Self {
        let text = text.trim().to_lowercase();
        Self { text, status }
    }

    fn is_anybody(&self) -> bool {
        self.text.is_empty() && self.status.is_none()
    }

    fn matches(&self, user: &User) -> bool {
        let has = |text: &str| text.to_lowercase().contains(&self.text);
        self.status.is_none_or(|status| status == user.status)
            && (has(&user.name)
                || user.email.as_ref().is_some_and(|email| has(email.as_str()))
                || user.code.as_ref().is_some_and(|code| has(code.as_str())))
    }
}

/// The first `limit` users after `after` who are `wanted`, and after whom to go on if there are more.
///
/// # Errors
/// The 503 when DynamoDB does not answer.
pub(crate) async fn search(
    app: &App,
    workspace_id: &WorkspaceId,
    wanted: &Wanted,
    mut after: Option<UserId>,
    limit: usize,
) -> Result<(Vec<User>, Option<UserId>), Problem> {
    // What is not filtered need not be read beyond the page, and the one who tells that there is more.
    let page_size = wanted
        .is_anybody()
        .then(|| i32::try_from(limit + 1).unwrap_or(i32::MAX));
    let mut found = Vec::new();
    loop {
        let (page, next) = app
            .store()
            .users_page(workspace_id, after, page_size)
            .await?;
        for user in page.into_iter().filter(|user| wanted.matches(user)) {
            if found.len() == limit {
                let last = found.last().map(|user: &User| user.user_id.clone());
                return Ok((found, last));
            }
            found.push(user);
        }
        match next {
            Some(next) => after = Some(next),
            None => return Ok((found, None)),
        }
    }
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
    Manager(signed_in): Manager,
    Id(user_id): Id,
) -> Result<Json<UserView>, Problem> {
    let id = &signed_in.workspace_id;
    let user = find(&app, id, user_id).await?;
    let link = app.store().connection(id).await?;
    Ok(Json(UserView::of(&user, link.as_ref(), app.now())))
}

/// A user of the workspace.
pub(crate) async fn find(
    app: &App,
    workspace_id: &WorkspaceId,
    user_id: String,
) -> Result<User, Problem> {
    app.store()
        .user(workspace_id, &UserId::new(user_id))
        .await?
        .ok_or_else(unknown_user)
}

pub(crate) fn unknown_user() -> Problem {
    Problem::not_found("指定されたユーザーは存在しません。")
}
