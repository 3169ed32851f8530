//! [プレビュー]: the changes that a run would make.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use domain::{Mode, RunId};
use storage::seats_and_lease::SeatsAndLease;
use web::{Frame, Problem, ProblemPage, html_page};

use super::connection::PATH;
use super::connection::settings_preview::ProposedSettingsView;
use super::connection::show::again;
use super::query::Lenient;
use super::runs::people::{People, PeopleForm};
use super::runs::run_line::RunLine;
use super::runs::waiting::WaitingQuery;
use crate::api::previews::ask_for_preview;
use crate::api::runs::run::find;
use crate::app::App;
use crate::auth::page::{AdminForm, NoFields, PageAdmin};
use crate::idempotency::Attempt;
use crate::input::Id;

#[derive(Template)]
#[template(path = "preview.html")]
struct Page {
    frame: Frame,
    run: RunLine,
    people: People,
    /// The settings that the preview is about; `None` if these are the saved ones.
    proposed: Option<ProposedSettingsView>,
    /// The target path of the filter form.
    path: String,
}

/// Returns the routes of [プレビュー] and of its result page.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/settings/smarthr/previews", post(submit))
        .route("/settings/smarthr/previews/{run_id}", get(show))
}

async fn submit(
    State(app): State<App>,
    form: AdminForm<NoFields>,
) -> Result<Response, ProblemPage> {
    match ask_for_preview(&app, &form.admin.signed_in, Attempt::first(&app), None).await {
        Ok(run_id) => Ok(redirect(&run_id)),
        Err(problem) => again(&app, &form.admin, None, problem).await,
    }
}

/// Redirects to the page of a preview that was asked for.
pub(crate) fn redirect(run_id: &RunId) -> Response {
    let path = format!("/settings/smarthr/previews/{run_id}?asked=1");
    Redirect::to(&path).into_response()
}

async fn show(
    State(app): State<App>,
    PageAdmin(admin): PageAdmin,
    run_id: Result<Id, Problem>,
    (Lenient(people), Lenient(waiting)): (Lenient<PeopleForm>, Lenient<WaitingQuery>),
) -> Result<Response, ProblemPage> {
    let Id(run_id) = run_id?;
    let id = admin.workspace_id();
    let run = match find(&app, id, run_id.clone(), Mode::Preview).await {
        Ok(run) => run,
        Err(problem) if problem.status == StatusCode::NOT_FOUND => {
            let heading = "プレビューを作成しています";
            let page = waiting.page(&admin, (PATH, heading), None, &run_id, app.now());
            return page.ok_or(ProblemPage(problem));
        }
        Err(problem) => return Err(ProblemPage(problem)),
    };
    let page = Page {
        frame: admin.frame(PATH),
        people: People::of(&app, admin.connection_to_show(), &run, &people).await?,
        proposed: run
            .proposed
            .as_deref()
            .map(|it| ProposedSettingsView::of(it, admin.connection_to_show(), app.now())),
        // A preview has no lease.
        run: RunLine::of(&run, &SeatsAndLease::default(), None, app.now()),
        path: format!("/settings/smarthr/previews/{run_id}"),
    };
    Ok(html_page(StatusCode::OK, &page))
}
