//! [今すぐ同期], which redirects to a page that waits for the run.

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use web::ProblemPage;

use super::PATH;
use crate::api::runs::start::ask_for_run;
use crate::app::App;
use crate::auth::page::{AdminForm, NoFields};
use crate::idempotency::Attempt;
use crate::pages::connection::show::again;

pub(super) async fn submit(
    State(app): State<App>,
    form: AdminForm<NoFields>,
) -> Result<Response, ProblemPage> {
    match ask_for_run(&app, &form.admin.signed_in, Attempt::first(&app)).await {
        Ok(run_id) => Ok(Redirect::to(&format!("{PATH}/{run_id}?asked=1")).into_response()),
        Err(problem) => again(&app, &form.admin, None, problem).await,
    }
}
