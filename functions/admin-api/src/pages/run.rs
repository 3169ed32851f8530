//! `GET /settings/smarthr/history/{run_id}`: what a run did to whom, and what it held.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use connection::Decision;
use domain::Mode;
use serde::Deserialize;
use web::{Frame, Problem, ProblemPage, html_page};

use crate::app::App;
use crate::input::Id;
use crate::pages::gate::{ManagerForm, ManagerVisit};
use crate::pages::history::PATH;
use crate::pages::notice::{After, Done};
use crate::pages::people::{People, Wanted};
use crate::pages::query::Lenient;
use crate::pages::run_line::RunLine;
use crate::pages::waiting::Asked;
use crate::runs::{Held, decide, find, held};

#[derive(Template)]
#[template(path = "run.html")]
struct Page {
    frame: Frame,
    run: RunLine,
    held: Held,
    people: People,
    /// Where the form with the filters leads to.
    path: String,
}

/// The form about held deletions: the button that was clicked.
#[derive(Deserialize)]
struct HeldForm {
    decision: Decision,
}

/// `/settings/smarthr/history/{run_id}`
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/settings/smarthr/history/{run_id}", get(show))
        .route(
            "/settings/smarthr/history/{run_id}/held-deletions",
            post(answer),
        )
}

async fn show(
    State(app): State<App>,
    ManagerVisit(visitor): ManagerVisit,
    run_id: Result<Id, Problem>,
    (Lenient(wanted), Lenient(after), Lenient(asked)): (
        Lenient<Wanted>,
        Lenient<After>,
        Lenient<Asked>,
    ),
) -> Result<Response, ProblemPage> {
    let Id(run_id) = run_id?;
    let id = visitor.workspace_id();
    let run = match find(&app, id, run_id.clone(), Mode::Apply).await {
        Ok(run) => run,
        Err(problem) if problem.status == StatusCode::NOT_FOUND => {
            let now = app.now();
            let gate = app.store().seats_and_lease(id).await?;
            let other = gate.running(now).map(ToString::to_string);
            let heading = "開始を待っています";
            let waiting = asked.waiting(&visitor, (PATH, heading), other, &run_id, now);
            return waiting.ok_or(ProblemPage(problem));
        }
        Err(problem) => return Err(ProblemPage(problem)),
    };
    let held = held(&app, id, &run).await?;
    let gate = app.store().seats_and_lease(id).await?;
    let page = Page {
        frame: visitor.frame(PATH).with_notice(after.notice()),
        people: People::of(&app, &run, &wanted).await?,
        run: RunLine::of(&run, &gate, held == Held::Waiting, app.now()),
        held,
        path: format!("{PATH}/{run_id}"),
    };
    Ok(html_page(StatusCode::OK, &page))
}

/// [許可する] or [拒否する]
async fn answer(
    State(app): State<App>,
    run_id: Result<Id, Problem>,
    form: ManagerForm<HeldForm>,
) -> Result<Response, ProblemPage> {
    let Id(run_id) = run_id?;
    let path = format!("{PATH}/{run_id}");
    let decision = form.fields.decision;
    decide(&app, form.visitor.workspace_id(), run_id, decision).await?;
    let allowed = match decision {
        Decision::Allow => true,
        Decision::Refuse => false,
    };
    Ok(Done::HeldDeletions { allowed }.at(&path).into_response())
}
