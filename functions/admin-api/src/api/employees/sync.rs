//! 「この人を今すぐ同期」: asks for the sync of one person, by the same path as SmartHR's reports.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::{Connection, CrewId, Mode, Trigger, day_entry_id};
use jiff::Timestamp;
use serde::Serialize;
use storage::queues::RunMessage;
use utoipa::ToSchema;
use web::{Problem, SignedIn};

use crate::api::runs::start::check_connected;
use crate::api::runs::start_requests::count_employee;
use crate::app::App;
use crate::auth::api::AdminUser;
use crate::idempotency::Attempt;
use crate::input::Id;
use crate::openapi::ProblemDocument;

/// The sync of one person that was asked for.
#[derive(Serialize, ToSchema)]
pub(crate) struct EmployeeSyncStarted {
    /// The person's id in SmartHR.
    crew_id: String,
    /// RFC 3339; steps taken before are those of an earlier sync.
    #[schema(format = DateTime)]
    asked_at: String,
}

/// 「この人を今すぐ同期」: reads one person in SmartHR and brings their user in line.
#[utoipa::path(
    post, path = "/api/v1/employees/{id}/sync", tag = "runs",
    params(("id" = Id, Path, description = "The person's id in SmartHR")),
    responses(
        (status = 202, body = EmployeeSyncStarted),
        (status = 403, body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, body = ProblemDocument, content_type = "application/problem+json"),
        (status = 429, body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn sync_employee(
    State(app): State<App>,
    AdminUser(admin): AdminUser,
    attempt: Attempt,
    Id(id): Id,
) -> Result<(StatusCode, Json<EmployeeSyncStarted>), Problem> {
    let asked_at = ask_for_employee(&app, &admin, CrewId::new(id.as_str()), attempt).await?;
    let started = EmployeeSyncStarted {
        crew_id: id,
        asked_at: asked_at.to_string(),
    };
    Ok((StatusCode::ACCEPTED, Json(started)))
}

/// Asks for the sync of one person, and returns when that was. A repetition returns the time of the first attempt.
///
/// # Errors
/// The 409 when the workspace is not connected or the sync is switched off; the 429 when too much was started today.
pub(crate) async fn ask_for_employee(
    app: &App,
    admin: &SignedIn,
    crew_id: CrewId,
    attempt: Attempt,
) -> Result<Timestamp, Problem> {
    let id = &admin.workspace_id;
    let connection = app.store().connection(id).await?;
    let tenant = check_connected(connection.as_ref())?;
    if !connection.as_ref().is_some_and(Connection::syncs_at_night) {
        return Err(Problem::conflict(
            "sync_off",
            "ユーザー同期が有効になっていません。ユーザー同期設定で有効にしてから、もう一度お試しください。",
        ));
    }
    let run_id = day_entry_id(attempt.first_at);
    if !attempt.is_repetition {
        let roster = app.roster(id).await?;
        let mut users = roster.entries().iter().map(|entry| &entry.user);
        let user = users.find(|user| user.crew_in(tenant) == Some(&crew_id));
        count_employee(app, admin, &run_id, user.map(|user| &user.user_id)).await?;
    }
    let crews = std::slice::from_ref(&crew_id);
    app.store()
        .report_changed_crews(id, crews, false, attempt.first_at)
        .await?;
    // Named, so that it happens although 即時反映 is off.
    let message = RunMessage {
        crew_ids: vec![crew_id],
        ..RunMessage::first(id.clone(), run_id, Trigger::Immediate, Mode::Apply)
    };
    app.connections.queues.send_run(&message, 0).await?;
    Ok(attempt.first_at)
}
