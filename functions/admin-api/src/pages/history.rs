//! `GET /settings/smarthr/history`: ユーザー同期履歴, newest first.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use domain::Run;
use domain::RunId;
use serde::Deserialize;
use web::{Frame, Problem, ProblemPage, html_page};

use crate::app::App;
use crate::input::{Id, is_plain};
use crate::pages::chart::Chart;
use crate::pages::gate::ManagerVisit;
use crate::pages::query::Lenient;
use crate::pages::run_line::RunLine;
use crate::runs::{download, has_unanswered};

/// Its address.
pub(crate) const PATH: &str = "/settings/smarthr/history";

/// Runs on one page.
const PAGE: usize = 20;
/// Among so many runs the nights for the chart are looked for: admins start some in between.
const LOOKED_THROUGH: i32 = 60;

/// Which page.
#[derive(Default, Deserialize)]
struct Wanted {
    /// Only runs before this one.
    before: Option<String>,
}

#[derive(Template)]
#[template(path = "history.html")]
struct Page {
    frame: Frame,
    runs: Vec<RunLine>,
    /// The run after which the next page goes on.
    next: Option<String>,
    is_newest: bool,
    chart: Option<Chart>,
    /// Whether a run is under way.
    refresh: bool,
}

/// `/settings/smarthr/history` and the logs in it
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route(PATH, get(show))
        .route("/settings/smarthr/history/{run_id}/log", get(log))
}

async fn show(
    State(app): State<App>,
    ManagerVisit(visitor): ManagerVisit,
    Lenient(wanted): Lenient<Wanted>,
) -> Result<Response, ProblemPage> {
    let id = visitor.workspace_id();
    let before = wanted.before.filter(|id| is_plain(id)).map(RunId::new);
    let first_page = before.is_none();
    let found = app
        .store()
        .runs(id, before.as_ref(), LOOKED_THROUGH)
        .await?;
    let link = app.store().connection(id).await?;
    let gate = app.store().seats_and_lease(id).await?;
    let now = app.now();
    let shown = |(index, run): (usize, &Run)| {
        let newest = first_page && index == 0;
        let waiting = newest && has_unanswered(run, link.as_ref());
        RunLine::of(run, &gate, waiting, now)
    };
    let runs: Vec<RunLine> = found.iter().take(PAGE).enumerate().map(shown).collect();
    let page = Page {
        frame: visitor.frame(PATH),
        next: (found.len() > PAGE)
            .then(|| runs.last().map(|run| run.id.clone()))
            .flatten(),
        is_newest: first_page,
        chart: Chart::of(&found).filter(|_| first_page),
        refresh: runs.iter().any(|run| run.refresh),
        runs,
    };
    Ok(html_page(StatusCode::OK, &page))
}

/// [同期ログをダウンロード]
async fn log(
    State(app): State<App>,
    ManagerVisit(visitor): ManagerVisit,
    run_id: Result<Id, Problem>,
) -> Result<Response, ProblemPage> {
    let Id(run_id) = run_id?;
    Ok(download(&app, &visitor.signed_in, run_id).await?)
}
