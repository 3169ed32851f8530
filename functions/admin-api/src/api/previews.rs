//! [プレビュー]: the plan of a run, which changes nothing.

use axum::Json;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{get, post};
use domain::{Mode, RunId, Settings, Trigger, run_id};
use storage::queues::RunMessage;
use web::{Problem, SignedIn};

use crate::api::runs::people::{PeoplePage, PeopleQuery, people};
use crate::api::runs::run::find;
use crate::api::runs::start::{Started, start, started};
use crate::api::runs::view::RunView;
use crate::app::App;
use crate::auth::api::AdminUser;
use crate::idempotency::Attempt;
use crate::input::{Id, Params};
use crate::openapi::ProblemDocument;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/api/v1/previews", post(start_preview))
        .route("/api/v1/previews/{id}", get(preview))
        .route("/api/v1/previews/{id}/people", get(people_of_preview))
}

/// Asks for a preview: the plan of a run, and nothing is changed.
#[utoipa::path(
    post, path = "/api/v1/previews", tag = "previews",
    responses(
        (status = 202, body = Started),
        (status = 403, body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, body = ProblemDocument, content_type = "application/problem+json"),
        (status = 429, body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn start_preview(
    State(app): State<App>,
    AdminUser(admin): AdminUser,
    attempt: Attempt,
) -> Result<(StatusCode, Json<Started>), Problem> {
    let run_id = ask_for_preview(&app, &admin, attempt, None).await?;
    Ok(started(&run_id))
}

/// Requests a preview, with the saved settings or with proposed ones, and returns its future id.
///
/// # Errors
/// As [`start`].
pub(crate) async fn ask_for_preview(
    app: &App,
    admin: &SignedIn,
    attempt: Attempt,
    proposed: Option<Settings>,
) -> Result<RunId, Problem> {
    let (id, run_id) = (
        admin.workspace_id.clone(),
        run_id(attempt.first_at, Trigger::Manual),
    );
    let message = RunMessage {
        proposed_settings: proposed.map(Box::new),
        ..RunMessage::first(id, run_id, Trigger::Manual, Mode::Preview)
    };
    start(app, admin, message).await
}

/// Shows a preview; its people are under `/api/v1/previews/{id}/people`.
#[utoipa::path(
    get, path = "/api/v1/previews/{id}", tag = "previews",
    params(("id" = Id, Path, description = "The preview's id")),
    responses(
        (status = 200, body = RunView),
        (status = 403, body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn preview(
    State(app): State<App>,
    AdminUser(admin): AdminUser,
    Id(run_id): Id,
) -> Result<Json<RunView>, Problem> {
    let run = find(&app, &admin.workspace_id, run_id, Mode::Preview).await?;
    Ok(Json(RunView::of(&run, None)))
}

/// Shows what would happen to whom. Nobody while the preview is under way.
#[utoipa::path(
    get, path = "/api/v1/previews/{id}/people", tag = "previews",
    params(("id" = Id, Path, description = "The preview's id"), PeopleQuery),
    responses(
        (status = 200, body = PeoplePage),
        (status = 403, body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn people_of_preview(
    State(app): State<App>,
    AdminUser(admin): AdminUser,
    Id(run_id): Id,
    Params(query): Params<PeopleQuery>,
) -> Result<Json<PeoplePage>, Problem> {
    let run = find(&app, &admin.workspace_id, run_id, Mode::Preview).await?;
    people(&app, &run, &query).await.map(Json)
}
