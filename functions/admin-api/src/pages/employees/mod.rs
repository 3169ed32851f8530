//! [この人を今すぐ同期]: the button's target, and the page that shows how far it has come.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use domain::report::{Action, Outcome};
use domain::time::date_and_time;
use domain::{CrewId, PersonProgress};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use web::{Frame, Problem, ProblemPage, html_page};

use crate::api::employees::progress::progress_of;
use crate::api::employees::sync::ask_for_employee;
use crate::app::App;
use crate::auth::page::{AdminForm, NoFields, PageAdmin};
use crate::idempotency::Attempt;
use crate::input::Id;
use crate::pages::query::Lenient;
use crate::pages::runs::failures;

/// How long the page waits for a sync that was asked for. It begins within seconds, or when the run under way ends.
const BEGINS_WITHIN: SignedDuration = SignedDuration::from_mins(30);

/// Returns the routes of the syncs of single people.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/settings/smarthr/employees/{id}", get(show))
        .route("/settings/smarthr/employees/{id}/sync", post(submit))
}

/// The query of the page that the button redirects to.
#[derive(Default, Deserialize)]
#[serde(default)]
struct AskedQuery {
    /// When the sync was asked for; a person who was read before was read by an earlier one.
    asked: String,
}

#[derive(Template)]
#[template(path = "employee_sync.html")]
struct Page {
    frame: Frame,
    id: String,
    csrf: String,
    progress: Option<ProgressInWords>,
    /// Whether something is still to come, so that the page reloads itself.
    refresh: bool,
}

/// How far the sync has come, in words and Japan time; a time is empty until it is known.
struct ProgressInWords {
    read_at: String,
    is_found: bool,
    matched_at: String,
    user_id: String,
    decided_at: String,
    action: &'static str,
    outcome: &'static str,
    cause: String,
    written_at: String,
    mailed_at: String,
    ended_at: String,
}

impl From<PersonProgress> for ProgressInWords {
    fn from(progress: PersonProgress) -> Self {
        let (action, outcome) = progress.decision.unzip();
        let time = |at: Option<Timestamp>| at.map(date_and_time).unwrap_or_default();
        Self {
            read_at: date_and_time(progress.read_at),
            is_found: progress.is_found,
            matched_at: date_and_time(progress.matched_at),
            user_id: progress
                .user_id
                .map(|id| id.to_string())
                .unwrap_or_default(),
            decided_at: date_and_time(progress.decided_at),
            action: action.map_or("", Action::label),
            outcome: outcome.map_or("", Outcome::label),
            cause: progress.cause,
            written_at: time(progress.written_at),
            mailed_at: time(progress.mailed_at),
            ended_at: time(progress.ended_at),
        }
    }
}

async fn show(
    State(app): State<App>,
    PageAdmin(admin): PageAdmin,
    id: Result<Id, Problem>,
    Lenient(query): Lenient<AskedQuery>,
) -> Result<Response, ProblemPage> {
    let Id(id) = id?;
    let asked_at: Option<Timestamp> = query.asked.parse().ok();
    let progress = progress_of(&app, admin.workspace_id(), &CrewId::new(id.as_str())).await?;
    let progress = progress.filter(|progress| asked_at.is_none_or(|at| at <= progress.read_at));
    let refresh = match &progress {
        Some(progress) => progress.ended_at.is_none(),
        None => asked_at.is_some_and(|at| app.now().duration_since(at) < BEGINS_WITHIN),
    };
    let frame = admin.frame(failures::PATH);
    let page = Page {
        csrf: frame.csrf.clone(),
        frame,
        id,
        progress: progress.map(ProgressInWords::from),
        refresh,
    };
    Ok(html_page(StatusCode::OK, &page))
}

async fn submit(
    State(app): State<App>,
    id: Result<Id, Problem>,
    AdminForm { admin, .. }: AdminForm<NoFields>,
) -> Result<Response, ProblemPage> {
    let Id(id) = id?;
    let crew_id = CrewId::new(id.as_str());
    let asked_at = ask_for_employee(&app, &admin.signed_in, crew_id, Attempt::first(&app)).await?;
    let address = format!("/settings/smarthr/employees/{id}?asked={asked_at}");
    Ok(Redirect::to(&address).into_response())
}
