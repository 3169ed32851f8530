//! [今すぐ同期] and [プレビュー]. Both lead to a page that waits for what was asked for.

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::post;
use domain::RunId;
use web::ProblemPage;

use crate::app::App;
use crate::idempotency::Asked;
use crate::pages::gate::{ManagerForm, NoFields};
use crate::pages::smarthr::again;
use crate::start_run::{ask_for_preview, ask_for_run};

/// `/settings/smarthr/runs`, `/settings/smarthr/previews`
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/settings/smarthr/runs", post(run))
        .route("/settings/smarthr/previews", post(preview))
}

async fn run(State(app): State<App>, form: ManagerForm<NoFields>) -> Result<Response, ProblemPage> {
    match ask_for_run(&app, form.visitor.workspace_id(), Asked::now(&app)).await {
        Ok(run_id) => Ok(waiting_at("history", &run_id)),
        Err(problem) => again(&app, &form.visitor, None, problem).await,
    }
}

async fn preview(
    State(app): State<App>,
    form: ManagerForm<NoFields>,
) -> Result<Response, ProblemPage> {
    match ask_for_preview(&app, form.visitor.workspace_id(), Asked::now(&app)).await {
        Ok(run_id) => Ok(waiting_at("previews", &run_id)),
        Err(problem) => again(&app, &form.visitor, None, problem).await,
    }
}

fn waiting_at(place: &str, run_id: &RunId) -> Response {
    Redirect::to(&format!("/settings/smarthr/{place}/{run_id}?asked=1")).into_response()
}
