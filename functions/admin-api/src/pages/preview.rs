//! `GET /settings/smarthr/previews/{id}`: what a run would do to whom.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use domain::Mode;
use storage::seats_and_lease::SeatsAndLease;
use web::{Frame, Problem, ProblemPage, html_page};

use crate::app::App;
use crate::input::Id;
use crate::pages::gate::ManagerVisit;
use crate::pages::people::{People, Wanted};
use crate::pages::query::Lenient;
use crate::pages::run_line::RunLine;
use crate::pages::smarthr;
use crate::pages::waiting::Asked;
use crate::runs::find;

#[derive(Template)]
#[template(path = "preview.html")]
struct Page {
    frame: Frame,
    run: RunLine,
    people: People,
    /// Where the form with the filters leads to.
    path: String,
}

/// `/settings/smarthr/previews/{run_id}`
pub(crate) fn routes() -> Router<App> {
    Router::new().route("/settings/smarthr/previews/{run_id}", get(show))
}

async fn show(
    State(app): State<App>,
    ManagerVisit(visitor): ManagerVisit,
    run_id: Result<Id, Problem>,
    (Lenient(wanted), Lenient(asked)): (Lenient<Wanted>, Lenient<Asked>),
) -> Result<Response, ProblemPage> {
    let Id(run_id) = run_id?;
    let (id, here) = (visitor.workspace_id(), smarthr::PATH);
    let run = match find(&app, id, run_id.clone(), Mode::Preview).await {
        Ok(run) => run,
        Err(problem) if problem.status == StatusCode::NOT_FOUND => {
            let heading = "プレビューを作成しています";
            let waiting = asked.waiting(&visitor, (here, heading), None, &run_id, app.now());
            return waiting.ok_or(ProblemPage(problem));
        }
        Err(problem) => return Err(ProblemPage(problem)),
    };
    let page = Page {
        frame: visitor.frame(here),
        people: People::of(&app, &run, &wanted).await?,
        // The gate says nothing of previews.
        run: RunLine::of(&run, &SeatsAndLease::default(), false, app.now()),
        path: format!("/settings/smarthr/previews/{run_id}"),
    };
    Ok(html_page(StatusCode::OK, &page))
}
