//! `GET /settings/smarthr/history`: ユーザー同期履歴, newest first.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::is_plain_id;
use domain::{Run, RunId};
use serde::Deserialize;
use web::{Frame, Problem, ProblemPage, html_page};

use super::PATH;
use super::days::LastDays;
use super::run_line::RunLine;
use crate::api::runs::log::download;
use crate::app::App;
use crate::auth::page::PageAdmin;
use crate::input::Id;
use crate::pages::query::Lenient;

/// The number of runs on one page.
const PAGE: usize = 20;
/// The number of runs that are searched for the last days, since admins start other runs in between.
const LOOKED_THROUGH: i32 = 60;

/// The query of the history page.
#[derive(Default, Deserialize)]
pub(super) struct HistoryQuery {
    /// The id of a run; the page shows only runs before it.
    before: Option<String>,
}

#[derive(Template)]
#[template(path = "history.html")]
struct Page {
    frame: Frame,
    runs: Vec<RunLine>,
    /// The id of the last run on this page; `None` on the last page.
    next: Option<String>,
    is_newest: bool,
    /// The last days; `None` on later pages.
    days: Option<LastDays>,
    /// Whether a run is under way, so that the page reloads itself.
    refresh: bool,
}

pub(super) async fn show(
    State(app): State<App>,
    PageAdmin(admin): PageAdmin,
    Lenient(query): Lenient<HistoryQuery>,
) -> Result<Response, ProblemPage> {
    let id = admin.workspace_id();
    let before = query.before.filter(|id| is_plain_id(id)).map(RunId::new);
    let first_page = before.is_none();
    let found = app
        .store()
        .runs(id, before.as_ref(), LOOKED_THROUGH)
        .await?;
    let lease = app.store().seats_and_lease(id).await?;
    let now = app.now();
    let newest = found.iter().find(|run| !run.is_day_entry());
    let newest = newest.filter(|_| first_page).map(|run| &run.run_id);
    let shown = |run: &Run| {
        let connection = admin.connection_to_show();
        let connection = connection.filter(|_| newest == Some(&run.run_id));
        RunLine::of(run, &lease, connection, now)
    };
    let runs: Vec<RunLine> = found.iter().take(PAGE).map(shown).collect();
    let page = Page {
        frame: admin.frame(PATH),
        next: (found.len() > PAGE)
            .then(|| runs.last().map(|run| run.id.clone()))
            .flatten(),
        is_newest: first_page,
        days: LastDays::of(&found, now).filter(|_| first_page),
        refresh: runs.iter().any(|run| run.refresh),
        runs,
    };
    Ok(html_page(StatusCode::OK, &page))
}

/// [同期ログをダウンロード]: redirects to the CSV.
pub(super) async fn log(
    State(app): State<App>,
    PageAdmin(admin): PageAdmin,
    run_id: Result<Id, Problem>,
) -> Result<Response, ProblemPage> {
    let Id(run_id) = run_id?;
    Ok(download(&app, &admin.signed_in, run_id).await?)
}
