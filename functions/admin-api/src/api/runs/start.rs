//! 「今すぐ同期」: requests a run.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::{
    Connection, ConnectionState, Mode, Run, RunId, RunOutcome, TenantId, Trigger, run_id,
};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use storage::queues::RunMessage;
use utoipa::ToSchema;
use web::{Problem, SignedIn};

use super::start_requests::{release, reserve};
use crate::app::App;
use crate::auth::api::AdminUser;
use crate::idempotency::Attempt;
use crate::openapi::ProblemDocument;

/// The time within which a requested run begins: seconds, or as soon as the run under way ends.
const BEGINS_WITHIN: SignedDuration = SignedDuration::from_mins(30);

/// A run that was asked for.
#[derive(Serialize, ToSchema)]
pub(crate) struct Started {
    /// It is known under this id as soon as it begins.
    run_id: String,
}

/// 「今すぐ同期」: asks for a run. It does not need 有効にする, which is about the nights.
#[utoipa::path(
    post, path = "/api/v1/runs", tag = "runs",
    responses(
        (status = 202, body = Started),
        (status = 403, body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, body = ProblemDocument, content_type = "application/problem+json"),
        (status = 429, body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn start_run(
    State(app): State<App>,
    AdminUser(admin): AdminUser,
    attempt: Attempt,
) -> Result<(StatusCode, Json<Started>), Problem> {
    let run_id = ask_for_run(&app, &admin, attempt).await?;
    Ok(started(&run_id))
}

/// Requests a run and returns its future id. A repetition has the same id, so that the run happens
/// once.
///
/// # Errors
/// The 409 when a run is under way or the workspace is not connected.
pub(crate) async fn ask_for_run(
    app: &App,
    admin: &SignedIn,
    attempt: Attempt,
) -> Result<RunId, Problem> {
    let workspace_id = &admin.workspace_id;
    let ours = run_id(attempt.first_at, Trigger::Manual);
    let lease = app.store().seats_and_lease(workspace_id).await?;
    if lease.running(app.now()).is_some_and(|run| *run != ours) {
        return Err(Problem::conflict(
            "run_under_way",
            "同期を実行中です。完了してからもう一度お試しください。",
        ));
    }
    let id = workspace_id.clone();
    start(
        app,
        admin,
        RunMessage::first(id, ours, Trigger::Manual, Mode::Apply),
    )
    .await
}

pub(crate) fn started(run_id: &RunId) -> (StatusCode, Json<Started>) {
    let run_id = run_id.to_string();
    (StatusCode::ACCEPTED, Json(Started { run_id }))
}

/// Requests a run or a preview.
///
/// # Errors
/// The 409 when the workspace is not connected, or another one waits or is under way; the 429 when too
/// many were started today.
pub(crate) async fn start(
    app: &App,
    admin: &SignedIn,
    message: RunMessage,
) -> Result<RunId, Problem> {
    let workspace_id = &admin.workspace_id;
    let connection = app.store().connection(workspace_id).await?;
    check_connected(connection.as_ref())?;
    reserve(app, admin, &message.run_id, message.mode).await?;
    if let Err(error) = app.connections.queues.send_run(&message, 0).await {
        release(app, workspace_id, message.mode).await;
        return Err(error.into());
    }
    Ok(message.run_id)
}

/// Returns the company whose people can be read in SmartHR.
///
/// # Errors
/// The 409 when the workspace is not connected, or has to be connected again.
pub(crate) fn check_connected(connection: Option<&Connection>) -> Result<&TenantId, Problem> {
    match connection.map(|it| (it.state, &it.company.tenant_id)) {
        Some((ConnectionState::Connected, tenant_id)) => Ok(tenant_id),
        Some((ConnectionState::ReconnectNeeded, _)) => Err(Problem::conflict(
            "relink_needed",
            "SmartHRとの再連携が必要です。[連携する]から連携し直してください。",
        )),
        None | Some((ConnectionState::Disconnecting | ConnectionState::Disconnected, _)) => Err(
            Problem::conflict("not_linked", "SmartHRと連携されていません。"),
        ),
    }
}

/// Returns whether a run without an end is under way: after two hours it has crashed. A run, or each
/// attempt of one that SmartHR did not answer, ends within that time, even when it continues in further
/// invocations.
pub(crate) fn is_under_way(run: &Run, now: Timestamp) -> bool {
    const LONGEST: SignedDuration = SignedDuration::from_hours(2);
    let began_at = run.retry.as_ref().map_or(run.started_at, |retry| retry.at);
    let waits = run.waits_for(now).is_some();
    run.outcome == RunOutcome::Running && !waits && now.duration_since(began_at) < LONGEST
}

/// Returns whether a run with this id may still begin. Nothing is stored about a run before it begins,
/// and its id contains the time of the request.
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
