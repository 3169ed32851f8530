//! `GET /users/deleted`: users who were deleted within the last 30 days, and [復元する].

use accounts::roles::check_may_act_on;
use accounts::{AccountError, restorable_until};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::UserId;
use domain::text::number;
use domain::time::date_and_time;
use serde::Deserialize;
use storage::deleted_users::DeletedUser;
use url::form_urlencoded::Serializer;
use web::{Frame, Problem, ProblemPage, html_page};

use super::list::{PageLink, PageNumbers};
use super::timeline::{Timeline, TimelineQuery};
use super::user::{NoticeQuery, address};
use super::{HERE, text};
use crate::api::users::list::PAGE;
use crate::api::users::problem::problem;
use crate::app::App;
use crate::auth::page::{AdminForm, ConfirmedForm, NoFields, PageAdmin, PageUser};
use crate::input::Id;
use crate::pages::query::Lenient;

/// The path of the list.
const DELETED: &str = "/users/deleted";

#[derive(Template)]
#[template(path = "users_deleted.html")]
struct Page {
    frame: Frame,
    q: String,
    found: String,
    rows: Vec<Row>,
    numbers: Vec<PageLink>,
}

/// The query of the list.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Query {
    /// A part of a name, an address or a code; empty for everybody.
    q: String,
    /// The number of the page, from 1.
    page: String,
}

struct Row {
    id: String,
    name: String,
    email: String,
    code: String,
    role: &'static str,
    deleted_at: String,
    until: String,
    may_restore: bool,
}

impl Row {
    fn of(deleted: &DeletedUser, admin: &PageUser) -> Self {
        let user = &deleted.user;
        Self {
            deleted_at: date_and_time(deleted.deleted_at),
            until: date_and_time(restorable_until(deleted)),
            id: user.user_id.to_string(),
            email: text(user.email.as_ref()),
            code: text(user.code.as_ref()),
            role: user.role.label(),
            may_restore: check_may_act_on(&admin.signed_in.user, user).is_ok(),
            name: user.name.clone(),
        }
    }
}

#[derive(Template)]
#[template(path = "users_deleted_person.html")]
struct Person {
    frame: Frame,
    id: String,
    row: Row,
    timeline: Option<Timeline>,
}

/// Shows a user who was deleted, with what happened to them.
///
/// # Errors
/// The 404 for nobody, and for somebody who cannot be restored any more.
pub(super) async fn show_person(
    app: &App,
    admin: &PageUser,
    id: &UserId,
    part: &TimelineQuery,
) -> Result<Response, ProblemPage> {
    let deleted = app.store().deleted_user(admin.workspace_id(), id).await?;
    let deleted = deleted.filter(|deleted| app.now() < restorable_until(deleted));
    let deleted = deleted.ok_or_else(|| problem(AccountError::UnknownUser))?;
    let page = Person {
        frame: admin.frame(HERE),
        id: id.to_string(),
        row: Row::of(&deleted, admin),
        timeline: Timeline::of(app, admin, &deleted.user, part).await.ok(),
    };
    Ok(html_page(StatusCode::OK, &page))
}

pub(super) async fn show(
    State(app): State<App>,
    PageAdmin(admin): PageAdmin,
    Lenient(query): Lenient<Query>,
    Lenient(notice): Lenient<NoticeQuery>,
) -> Result<Response, ProblemPage> {
    let frame = admin.frame(HERE).with_notice(notice.notice());
    page(&app, &admin, frame, query, StatusCode::OK).await
}

/// Restores a user and redirects to them, or shows the list again with the reason why they were not
/// restored.
pub(super) async fn restore(
    State(app): State<App>,
    id: Result<Id, Problem>,
    ConfirmedForm(AdminForm { admin, .. }): ConfirmedForm<NoFields>,
) -> Result<Response, ProblemPage> {
    let Id(id) = id?;
    let accounts = app.accounts(&admin.signed_in);
    match accounts.restore(&admin.workspace, &id).await {
        Ok(_) => Ok(Redirect::to(&address(&id, "restored")).into_response()),
        Err(error) => {
            let problem = problem(error);
            let frame = admin.frame(HERE).with_error(&problem.detail);
            page(&app, &admin, frame, Query::default(), problem.status).await
        }
    }
}

async fn page(
    app: &App,
    admin: &PageUser,
    frame: Frame,
    query: Query,
    status: StatusCode,
) -> Result<Response, ProblemPage> {
    let (id, store) = (admin.workspace_id(), app.store());
    let roster = app.roster(id).await?;
    let found = roster.restorable(store, id, &query.q, app.now()).await?;
    let numbers = PageNumbers::of(found.len(), PAGE, query.page.parse().unwrap_or(1));
    let page = Page {
        frame,
        found: number(found.len()),
        rows: found[numbers.rows()]
            .iter()
            .map(|it| Row::of(it, admin))
            .collect(),
        numbers: numbers.links(|page| {
            let mut address = Serializer::new(String::new());
            address.append_pair("q", &query.q);
            address.append_pair("page", &page.to_string());
            format!("{DELETED}?{}", address.finish())
        }),
        q: query.q,
    };
    Ok(html_page(status, &page))
}
