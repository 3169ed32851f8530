//! ユーザー同期履歴: runs, their logs, and what they held.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use connection::{DecideHeldDeletionsError, Decision};
use domain::{Connection, ConnectionState};
use domain::{Mode, Run};
use domain::{RunId, WorkspaceId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use web::{Input, Problem, SignedIn};

use crate::app::App;
use crate::gate::Manager;
use crate::input::{Id, Params, is_plain};
use crate::openapi::ProblemDocument;
use crate::run_view::RunView;
use crate::settings::Message;
use crate::start_run::may_still_begin;
use crate::words::DecisionWord;

/// Runs on one page, unless asked otherwise.
const PAGE: u32 = 20;
/// Most runs on one page.
const LARGEST_PAGE: u32 = 100;

/// Which runs.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct RunsQuery {
    /// Only runs before this one: the last one of the page before.
    #[param(value_type = Option<Id>)]
    before: Option<String>,
    /// How many
    #[param(minimum = 1, maximum = 100, default = json!(20))]
    limit: Option<u32>,
}

/// A page of the history.
#[derive(Serialize, ToSchema)]
pub(crate) struct RunsPage {
    /// Newest first.
    runs: Vec<RunView>,
    /// For `before`, when there may be more.
    next: Option<String>,
}

/// Shows the history, newest first. It goes back 400 days.
#[utoipa::path(
    get, path = "/api/v1/runs", tag = "runs",
    params(RunsQuery),
    responses(
        (status = 200, body = RunsPage),
        (status = 400, body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn runs(
    State(app): State<App>,
    Manager(signed_in): Manager,
    Params(query): Params<RunsQuery>,
) -> Result<Json<RunsPage>, Problem> {
    let limit = query.limit.unwrap_or(PAGE);
    let before = query.before;
    if !(1..=LARGEST_PAGE).contains(&limit) || before.as_deref().is_some_and(|id| !is_plain(id)) {
        return Err(Problem::bad_request(
            "bad_request",
            "limitは1から100まで、beforeは同期のIDで指定してください。",
        ));
    }
    let id = &signed_in.workspace_id;
    let first_page = before.is_none();
    let before = before.map(RunId::new);
    let count = i32::try_from(limit).unwrap_or(i32::MAX);
    let found = app.store().runs(id, before.as_ref(), count).await?;
    let link = app.store().connection(id).await?;
    let next = (found.len() == limit as usize)
        .then(|| found.last().map(|run| run.run_id.to_string()))
        .flatten();
    let runs = found
        .iter()
        .enumerate()
        .map(|(index, run)| {
            let newest = first_page && index == 0;
            RunView::of(run).with_held_waiting(newest && has_unanswered(run, link.as_ref()))
        })
        .collect();
    Ok(Json(RunsPage { runs, next }))
}

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
    Manager(signed_in): Manager,
    Id(run_id): Id,
) -> Result<Json<RunView>, Problem> {
    let id = &signed_in.workspace_id;
    let may_begin = may_still_begin(&run_id, app.now());
    let run = match find(&app, id, run_id, Mode::Apply).await {
        Err(unknown) if unknown.status == StatusCode::NOT_FOUND && may_begin => {
            return Err(not_begun());
        }
        found => found?,
    };
    let gate = app.store().seats_and_lease(id).await?;
    let waiting = !run.held.is_empty() && held(&app, id, &run).await? == Held::Waiting;
    Ok(Json(
        RunView::of(&run)
            .with_held_waiting(waiting)
            .with_progress(&gate),
    ))
}

/// [同期ログをダウンロード]: leads to a CSV for Excel with a row per person. The address it leads to works for a
/// minute. A log may be larger than what a function can answer.
#[utoipa::path(
    get, path = "/api/v1/runs/{id}/log", tag = "runs",
    params(("id" = Id, Path, description = "The run's id")),
    responses(
        (status = 303, headers(("location" = String, description = "Where the CSV is"))),
        (status = 403, body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn log(
    State(app): State<App>,
    Manager(signed_in): Manager,
    Id(run_id): Id,
) -> Result<Response, Problem> {
    download(&app, &signed_in, run_id).await
}

/// Leads to a run's log.
///
/// # Errors
/// The 404 for a run that is not there, or whose log is not.
pub(crate) async fn download(
    app: &App,
    signed_in: &SignedIn,
    run_id: String,
) -> Result<Response, Problem> {
    let run = find(app, &signed_in.workspace_id, run_id, Mode::Apply).await?;
    let key = run.log_key.as_ref().ok_or_else(|| {
        Problem::not_found("同期ログはまだ作成されていないか、保存期間(400日)が過ぎています。")
    })?;
    let file_name = format!("sync-log-{}.csv", run.run_id);
    let (workspace_id, user_id) = (&signed_in.workspace_id, &signed_in.user.user_id);
    let url = app
        .logs
        .download_url(key, &file_name, workspace_id, user_id);
    let address = url.await?;
    tracing::info!(%workspace_id, %user_id, run_id = %run.run_id, "gave out a sync log");
    Ok(Redirect::to(&address).into_response())
}

/// The answer to held deletions.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct HeldAnswer {
    #[schema(value_type = DecisionWord)]
    decision: Decision,
}

/// Allows or refuses the deletions that a run held, for exactly these people. The next run acts on it.
#[utoipa::path(
    post, path = "/api/v1/runs/{id}/held-deletions", tag = "runs",
    operation_id = "decide_held",
    params(("id" = Id, Path, description = "The run's id")),
    request_body = HeldAnswer,
    responses(
        (status = 200, body = Message),
        (status = 403, body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn decide_held_deletions(
    State(app): State<App>,
    Manager(signed_in): Manager,
    Id(run_id): Id,
    Input(input): Input<HeldAnswer>,
) -> Result<Json<Message>, Problem> {
    let people = decide(&app, &signed_in.workspace_id, run_id, input.decision).await?;
    Ok(Message::new(match input.decision {
        Decision::Allow => format!("{people}人の削除を許可しました。次回の同期で削除されます。"),
        Decision::Refuse => format!("{people}人の削除を拒否しました。ユーザーは削除されません。"),
    }))
}

/// Remembers the answer to held deletions, and gives for how many people.
///
/// # Errors
/// The 404 for a run that is not there, the 409 for one that held nothing.
pub(crate) async fn decide(
    app: &App,
    workspace_id: &WorkspaceId,
    run_id: String,
    decision: Decision,
) -> Result<usize, Problem> {
    let decided = app
        .connections
        .decide_held_deletions(workspace_id, &RunId::new(run_id), decision)
        .await;
    match decided {
        Ok(people) => Ok(people),
        Err(DecideHeldDeletionsError::UnknownRun) => Err(unknown_run()),
        Err(DecideHeldDeletionsError::NothingHeld) => Err(Problem::conflict(
            "nothing_held",
            "回答を待っている削除はありません。最新の同期の内容を確認してください。",
        )),
        Err(DecideHeldDeletionsError::Store(error)) => Err(error.into()),
    }
}

/// A run of the workspace.
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

/// A run's log, once it is there and as long as it is kept.
pub(crate) async fn log_of(app: &App, run: &Run) -> Result<Option<Vec<u8>>, Problem> {
    match &run.log_key {
        Some(key) => Ok(app.logs.get(key).await?),
        None => Ok(None),
    }
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

fn unknown_run() -> Problem {
    Problem::not_found("指定された同期は存在しません。")
}

/// Where the deletions stand that a run held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Held {
    /// An admin has to answer.
    Waiting,
    /// 許可: the next run deletes them.
    Allowed,
    /// 拒否: they stay.
    Refused,
    /// A newer run has come to them since; only the newest one asks.
    Past,
}

/// Where the deletions stand that this run held.
///
/// # Errors
/// The 503 when DynamoDB does not answer.
pub(crate) async fn held(
    app: &App,
    workspace_id: &WorkspaceId,
    run: &Run,
) -> Result<Held, Problem> {
    let newest = app.store().newest_run(workspace_id).await?;
    if newest.is_none_or(|newest| newest.run_id != run.run_id) {
        return Ok(Held::Past);
    }
    let link = app.store().connection(workspace_id).await?;
    if !link.as_ref().is_some_and(is_linked) {
        return Ok(Held::Past);
    }
    if has_unanswered(run, link.as_ref()) {
        return Ok(Held::Waiting);
    }
    // One answer is for all of them.
    let refused = |link: Connection| {
        run.held
            .iter()
            .any(|it| link.decisions.refused.contains(it))
    };
    Ok(if link.is_some_and(refused) {
        Held::Refused
    } else {
        Held::Allowed
    })
}

/// Whether there is still a link that held deletions are about.
fn is_linked(link: &Connection) -> bool {
    matches!(
        link.state,
        ConnectionState::Connected | ConnectionState::ReconnectNeeded
    )
}

/// Whether somebody whom the run held was not answered about, and still can be.
pub(crate) fn has_unanswered(run: &Run, link: Option<&Connection>) -> bool {
    link.filter(|link| is_linked(link)).is_some_and(|link| {
        let answers = &link.decisions;
        run.held
            .iter()
            .any(|user| !answers.allowed.contains(user) && !answers.refused.contains(user))
    })
}
