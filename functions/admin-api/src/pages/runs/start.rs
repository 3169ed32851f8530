//! [今すぐ同期]: a page that says what is about to happen, and the run.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::{Connection, RunOutcome};
use storage::seats_and_lease::SeatsAndLease;
use web::{Frame, ProblemPage, html_page};

use super::PATH;
use super::run_line::RunLine;
use crate::api::runs::start::ask_for_run;
use crate::app::App;
use crate::auth::page::{AdminForm, NoFields, PageAdmin};
use crate::idempotency::Attempt;
use crate::pages::connection::PATH as SMARTHR;
use crate::pages::connection::show::{again, in_words};

#[derive(Template)]
#[template(path = "run_start.html")]
struct Page {
    frame: Frame,
    company_name: String,
    /// The labels and values of the settings that the run uses.
    settings: Vec<(&'static str, String)>,
    /// The newest preview that ended; `None` if there was none for a week.
    preview: Option<RunLine>,
}

/// Shows what a run would do, as the last preview says, unless nothing is connected.
pub(super) async fn ask(
    State(app): State<App>,
    PageAdmin(admin): PageAdmin,
) -> Result<Response, ProblemPage> {
    let connection = admin.connection()?;
    let Some(connection) = connection.filter(|it| Connection::is_connected(it)) else {
        return Ok(Redirect::to(SMARTHR).into_response());
    };
    let preview = app.store().newest_preview(admin.workspace_id()).await?;
    let ended = preview.filter(|run| run.outcome != RunOutcome::Running);
    let page = Page {
        frame: admin.frame(SMARTHR),
        company_name: connection.company.name.clone(),
        settings: in_words(&admin, &connection.settings),
        preview: ended.map(|run| RunLine::of(&run, &SeatsAndLease::default(), None, app.now())),
    };
    Ok(html_page(StatusCode::OK, &page))
}

pub(super) async fn submit(
    State(app): State<App>,
    form: AdminForm<NoFields>,
) -> Result<Response, ProblemPage> {
    match ask_for_run(&app, &form.admin.signed_in, Attempt::first(&app)).await {
        Ok(run_id) => Ok(Redirect::to(&format!("{PATH}/{run_id}?asked=1")).into_response()),
        Err(problem) => again(&app, &form.admin, None, problem).await,
    }
}
