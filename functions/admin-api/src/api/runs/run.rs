//! A single run and its progress.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::{Connection, Mode, Run, RunId, WorkspaceId};
use web::Problem;

use super::held_deletions::has_unanswered;
use super::start::may_still_begin;
use super::view::RunView;
use crate::app::App;
use crate::auth::api::AdminUser;
use crate::input::Id;
use crate::openapi::ProblemDocument;

/// Shows one run, and how far it is while it is under way. One that was asked for and waits for another
/// one to end is a 404 with the code `not_begun`.
#[utoipa::path(
    get, path = "/api/v1/runs/{id}", tag = "runs",
    params(("id" = Id, Path, description = "The run's id")),
    responses(
        (status = 200, body = RunView),
        (status = 403, body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn run(
    State(app): State<App>,
    AdminUser(admin): AdminUser,
    Id(run_id): Id,
) -> Result<Json<RunView>, Problem> {
    let id = &admin.workspace_id;
    let may_begin = may_still_begin(&run_id, app.now());
    let run = match find(&app, id, run_id, Mode::Apply).await {
        Err(unknown) if unknown.status == StatusCode::NOT_FOUND && may_begin => {
            return Err(not_begun());
        }
        found => found?,
    };
    let lease = app.store().seats_and_lease(id).await?;
    let connection = connection_for_answers(&app, id, &run).await?;
    let connection = connection.as_ref();
    Ok(Json(
        RunView::of(&run, connection)
            .with_held_waiting(has_unanswered(&run, connection))
            .with_progress(&lease),
    ))
}

/// Returns the connection that accepts answers about `run`; `None` if the run asks nothing, a newer one
/// has superseded it, or the workspace is no longer connected.
///
/// # Errors
/// The 503 when DynamoDB does not answer.
pub(crate) async fn connection_for_answers(
    app: &App,
    workspace_id: &WorkspaceId,
    run: &Run,
) -> Result<Option<Connection>, Problem> {
    if run.held.is_empty() && run.held_account_changes.is_empty() {
        return Ok(None);
    }
    let newest = app.store().newest_run(workspace_id).await?;
    let is_newest = newest.is_some_and(|newest| newest.run_id == run.run_id);
    if !is_newest && !run.is_day_entry() {
        return Ok(None);
    }
    let connection = app.store().connection_to_show(workspace_id).await?;
    Ok(connection
        .filter(Connection::is_established)
        .filter(|connection| is_newest || still_asks(run, connection)))
}

/// Returns whether something that the entry of a day asks is still open, or was answered and is still to be carried
/// out.
fn still_asks(run: &Run, connection: &Connection) -> bool {
    let mut held = run.held.iter();
    let mut questions = run.held_account_changes.iter();
    held.any(|user_id| connection.decisions.is_about(user_id))
        || questions.any(|question| {
            let mut asked = connection.asked_account_changes.iter();
            asked.any(|asked| asked.change == question.change)
        })
}

/// Returns a run of the workspace by its id.
///
/// # Errors
/// The 404 for an unknown run.
pub(crate) async fn find(
    app: &App,
    workspace_id: &WorkspaceId,
    run_id: String,
    mode: Mode,
) -> Result<Run, Problem> {
    app.store()
        .run(workspace_id, &RunId::new(run_id), mode)
        .await?
        .ok_or_else(unknown_run)
}

fn not_begun() -> Problem {
    Problem {
        retry_after: Some(5),
        ..Problem::new(
            StatusCode::NOT_FOUND,
            "not_begun",
            "この同期は開始を待っています。ほかの同期を実行中の場合は、完了後に開始します。",
        )
    }
}

pub(super) fn unknown_run() -> Problem {
    Problem::not_found("指定された同期は存在しません。")
}
