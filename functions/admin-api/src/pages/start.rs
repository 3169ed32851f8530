//! [今すぐ同期] and [プレビュー]. Both lead to a page that waits for what was asked for.

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::post;
use directory::RunId;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use web::ProblemPage;

use crate::app::App;
use crate::pages::gate::{ManagerForm, NoFields};
use crate::pages::smarthr::again;
use crate::start_run::{ask_for_preview, ask_for_run};

/// A run begins within seconds, or, when the function failed and the queue tries again, within this.
const BEGINS_WITHIN: SignedDuration = SignedDuration::from_mins(30);

/// `/settings/smarthr/runs`, `/settings/smarthr/previews`
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/settings/smarthr/runs", post(run))
        .route("/settings/smarthr/previews", post(preview))
}

async fn run(State(app): State<App>, form: ManagerForm<NoFields>) -> Result<Response, ProblemPage> {
    match ask_for_run(&app, form.visitor.workspace_id()).await {
        Ok(run_id) => Ok(waiting_at("history", &run_id)),
        Err(problem) => again(&app, &form.visitor, None, problem).await,
    }
}

async fn preview(
    State(app): State<App>,
    form: ManagerForm<NoFields>,
) -> Result<Response, ProblemPage> {
    match ask_for_preview(&app, form.visitor.workspace_id()).await {
        Ok(run_id) => Ok(waiting_at("previews", &run_id)),
        Err(problem) => again(&app, &form.visitor, None, problem).await,
    }
}

fn waiting_at(place: &str, run_id: &RunId) -> Response {
    Redirect::to(&format!("/settings/smarthr/{place}/{run_id}?asked=1")).into_response()
}

/// Whether a run of this id may still begin: nothing is known of it until then, and its name says when
/// it was asked for.
pub(crate) fn may_still_begin(run_id: &str, now: Timestamp) -> bool {
    let asked_at = run_id
        .strip_suffix("-manual")
        .and_then(|start| DateTime::strptime("%Y%m%dT%H%M%SZ", start).ok())
        .and_then(|start| start.to_zoned(TimeZone::UTC).ok())
        .map(|start| start.timestamp());
    asked_at.is_some_and(|asked_at| {
        let waited = now.duration_since(asked_at);
        // The clocks of two functions differ a little.
        SignedDuration::from_mins(-1) < waited && waited < BEGINS_WITHIN
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_asked_for_just_now_may_still_begin() {
        let now: Timestamp = "2026-11-24T03:00:00Z".parse().unwrap();
        assert!(may_still_begin("20261124T025959Z-manual", now));
        for never in [
            "20261124T020000Z-manual",
            "20261125T025959Z-manual",
            "20261124T025959Z-schedule",
            "nonsense-manual",
            "nonsense",
        ] {
            assert!(!may_still_begin(never, now), "{never}");
        }
    }
}
