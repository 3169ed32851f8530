//! What the admins of a workspace start: at most one run and one preview wait or are under way, and
//! [`A_DAY`] are started a day. Otherwise one workspace could take every place that runs have.
//!
//! What admins start has a queue and fifty places of its own, apart from the night's hundred. In both queues the
//! messages of a workspace are one group of SQS's fair queues.

use domain::time::{japanese_date, later};
use domain::{AuditAction, AuditEvent, Mode, RunId, UserId, WorkspaceId};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use storage::StoreError;
use storage::versioned_records::Versioned;
use web::{Problem, SignedIn};

use super::start::{is_under_way, may_still_begin};
use crate::app::App;

/// The most runs and previews that the admins of a workspace start on one day in Japan.
const A_DAY: u32 = 100;

/// How long the record is kept after a change: past the end of the day that it counts.
const KEPT: SignedDuration = SignedDuration::from_hours(48);

/// What was started last, and how much today.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct StartRequests {
    /// The day in Japan that `started` counts.
    day: String,
    started: u32,
    /// The run and the preview that were started last; `None` if there was none.
    run: Option<RunId>,
    preview: Option<RunId>,
}

impl StartRequests {
    /// Counts one more of today.
    fn count(&mut self, now: Timestamp) -> Result<(), Problem> {
        let today = japanese_date(now);
        if self.day != today {
            self.day = today;
            self.started = 0;
        }
        if self.started >= A_DAY {
            return Err(too_many_today());
        }
        self.started += 1;
        Ok(())
    }

    fn last(&mut self, mode: Mode) -> &mut Option<RunId> {
        match mode {
            Mode::Apply => &mut self.run,
            Mode::Preview => &mut self.preview,
        }
    }
}

fn name(workspace_id: &WorkspaceId) -> String {
    format!("start-requests#{workspace_id}")
}

/// Reserves the workspace's place for a run or a preview. Does nothing for one that has it already:
/// a repetition of the request. The audit trail says that the run was asked for.
///
/// # Errors
/// The 409 while another one waits or is under way; the 429 when too many were started today.
pub(super) async fn reserve(
    app: &App,
    admin: &SignedIn,
    run_id: &RunId,
    mode: Mode,
) -> Result<(), Problem> {
    let (store, now, workspace_id) = (app.store(), app.now(), &admin.workspace_id);
    let mut record = store
        .versioned::<StartRequests>(&name(workspace_id))
        .await?;
    let requests = &mut record.value;
    match requests.last(mode) {
        Some(last) if last == run_id => return Ok(()),
        Some(last) if keeps_place(app, workspace_id, last, mode).await? => {
            return Err(under_way(mode));
        }
        last => *last = Some(run_id.clone()),
    }
    let action = match mode {
        Mode::Apply => AuditAction::RunStarted,
        Mode::Preview => AuditAction::PreviewStarted,
    };
    let event = AuditEvent::new(&admin.author(), action, now).about_run(run_id);
    count(app, workspace_id, record, mode, event).await
}

/// Counts the sync of one person, and tells the audit trail that it was asked for.
///
/// # Errors
/// The 429 when too much was started today; the 409 when another request started something at the same moment.
pub(crate) async fn count_employee(
    app: &App,
    admin: &SignedIn,
    run_id: &RunId,
    user_id: Option<&UserId>,
) -> Result<(), Problem> {
    let (now, workspace_id) = (app.now(), &admin.workspace_id);
    let record = app.store().versioned(&name(workspace_id)).await?;
    let event = AuditEvent::new(&admin.author(), AuditAction::EmployeeSyncStarted, now);
    let event = event.about_run(run_id);
    let event = match user_id {
        Some(user_id) => event.about_user(user_id),
        None => event,
    };
    count(app, workspace_id, record, Mode::Apply, event).await
}

/// Counts one more of today, and stores that with what the audit trail says.
async fn count(
    app: &App,
    workspace_id: &WorkspaceId,
    mut record: Versioned<StartRequests>,
    mode: Mode,
    event: AuditEvent,
) -> Result<(), Problem> {
    let (name, now, events) = (name(workspace_id), app.now(), [event]);
    record.value.count(now)?;
    let until = later(now, KEPT);
    let store = app.store();
    let stored = store.put_versioned_with(&name, &record, until, workspace_id, &[], &events);
    match stored.await {
        Err(StoreError::Conflict(_)) => Err(under_way(mode)),
        stored => Ok(stored?),
    }
}

/// Releases the place of a run or a preview that could not be queued.
pub(super) async fn release(app: &App, workspace_id: &WorkspaceId, mode: Mode) {
    let name = name(workspace_id);
    let released = async {
        let mut record = app.store().versioned::<StartRequests>(&name).await?;
        *record.value.last(mode) = None;
        let until = later(app.now(), KEPT);
        app.store().put_versioned(&name, &record, until).await
    };
    if let Err(error) = released.await {
        tracing::warn!(%workspace_id, %error, "the place stays taken for up to half an hour");
    }
}

/// Returns whether the run or preview waits or is under way.
async fn keeps_place(
    app: &App,
    workspace_id: &WorkspaceId,
    run_id: &RunId,
    mode: Mode,
) -> Result<bool, StoreError> {
    let run = app.store().run(workspace_id, run_id, mode).await?;
    let now = app.now();
    Ok(match run {
        None => may_still_begin(run_id.as_str(), now),
        Some(run) => is_under_way(&run, now),
    })
}

fn under_way(mode: Mode) -> Problem {
    let (code, detail) = match mode {
        Mode::Apply => (
            "run_under_way",
            "同期を実行中です。完了してからもう一度お試しください。",
        ),
        Mode::Preview => (
            "preview_under_way",
            "プレビューを作成中です。完了してからもう一度お試しください。",
        ),
    };
    Problem {
        retry_after: Some(10),
        ..Problem::conflict(code, detail)
    }
}

fn too_many_today() -> Problem {
    Problem::too_many_requests(
        3_600,
        format!(
            "[今すぐ同期]、[プレビュー]、[この人を今すぐ同期]は、1日に合わせて{A_DAY}回まで実行できます。明日、もう一度お試しください。"
        ),
    )
}
