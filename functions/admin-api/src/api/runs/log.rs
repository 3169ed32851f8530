//! [同期ログをダウンロード]: the sync log of a run as CSV.

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use domain::time::compact_date_and_time;
use domain::{AuditAction, AuditEvent, Mode, Run};
use url::form_urlencoded::byte_serialize;
use web::{Problem, SignedIn};

use super::run::find;
use crate::app::App;
use crate::auth::api::AdminUser;
use crate::input::Id;
use crate::openapi::ProblemDocument;

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
    AdminUser(admin): AdminUser,
    Id(run_id): Id,
) -> Result<Response, Problem> {
    download(&app, &admin, run_id).await
}

/// Returns the redirect to a run's sync log, once the audit trail says who downloads it.
///
/// # Errors
/// The 404 for an unknown run, or a run without a log.
pub(crate) async fn download(
    app: &App,
    admin: &SignedIn,
    run_id: String,
) -> Result<Response, Problem> {
    let run = find(app, &admin.workspace_id, run_id, Mode::Apply).await?;
    let key = run.log_key.as_ref().ok_or_else(|| {
        Problem::not_found("同期ログはまだ作成されていないか、保存期間(400日)が過ぎています。")
    })?;
    let (workspace_id, user_id) = (&admin.workspace_id, &admin.user.user_id);
    let event = AuditEvent::new(&admin.author(), AuditAction::SyncLogDownloaded, app.now());
    let event = event.about_run(&run.run_id);
    app.store().record_audit_event(workspace_id, &event).await?;
    let address = app
        .logs
        .download_url(key, &disposition(&run), workspace_id, user_id)
        .await?;
    tracing::info!(%workspace_id, %user_id, run_id = %run.run_id, "a sync log was downloaded");
    Ok(Redirect::to(&address).into_response())
}

/// Returns the header that names the file after the start of the run in Japan, in Japanese where the browser can (RFC
/// 6266).
fn disposition(run: &Run) -> String {
    let start = compact_date_and_time(run.started_at);
    let name = format!("SmartHR同期ログ_{start}.csv");
    let encoded: String = byte_serialize(name.as_bytes()).collect();
    format!("attachment; filename=\"smarthr-sync-log_{start}.csv\"; filename*=UTF-8''{encoded}")
}

/// Returns a run's log; `None` before it is written and after it has expired.
pub(crate) async fn log_of(app: &App, run: &Run) -> Result<Option<Vec<u8>>, Problem> {
    match &run.log_key {
        Some(key) => Ok(app.logs.get(key).await?),
        None => Ok(None),
    }
}
