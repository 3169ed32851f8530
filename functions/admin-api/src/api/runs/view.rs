//! A run as the history and the preview show it.

use domain::{Connection, Counts, Run, RunFailure, RunOutcome, Trigger};
use serde::Serialize;
use storage::seats_and_lease::SeatsAndLease;
use utoipa::ToSchema;

use super::account_changes::{HeldAccountChangeView, held_account_changes};

/// Why a whole run failed.
#[derive(Serialize, ToSchema)]
struct FailureView {
    /// One word for programs.
    code: &'static str,
    /// 原因
    cause: String,
    /// 対処
    remedy: &'static str,
}

/// How far a run is.
#[derive(Serialize, ToSchema)]
struct ProgressView {
    /// People done.
    done: u32,
    /// People to do.
    total: u32,
}

/// A run, or a preview of one.
#[derive(Serialize, ToSchema)]
pub(crate) struct RunView {
    run_id: String,
    trigger: Trigger,
    /// How it was started, as the history says it.
    trigger_label: &'static str,
    /// ✓ 成功, ! 失敗
    outcome: RunOutcome,
    /// RFC 3339
    #[schema(format = DateTime)]
    started_at: String,
    /// RFC 3339
    #[schema(format = DateTime)]
    finished_at: Option<String>,
    /// All 0 until it ended.
    counts: Counts,
    /// Set when it failed as a whole.
    failure: Option<FailureView>,
    /// RFC 3339; set while it waits to be tried again, because SmartHR is unavailable.
    #[schema(format = DateTime)]
    retry_at: Option<String>,
    /// How many deletions it held (退職による削除を保留しました).
    held: usize,
    /// Whether an admin has to allow or refuse them: only the newest run asks.
    held_waiting: bool,
    /// The changes of admins' accounts that it held, with a システム管理者's answers so far.
    held_account_changes: Vec<HeldAccountChangeView>,
    /// How many more it held: those are asked about once others are answered.
    more_account_changes: usize,
    /// Whether SmartHR had stopped to report changes, so that 即時反映 missed some, and the run started that again.
    webhook_enabled_again: bool,
    /// Whether [同期ログをダウンロード] is there.
    log_available: bool,
    /// Only of the run that is under way.
    progress: Option<ProgressView>,
}

impl RunView {
    /// Creates the view of a stored run, without progress. `connection` is the one that accepts answers
    /// about it, if any.
    pub(crate) fn of(run: &Run, connection: Option<&Connection>) -> Self {
        Self {
            run_id: run.run_id.to_string(),
            trigger: run.trigger,
            trigger_label: run.trigger.label(),
            outcome: run.outcome,
            started_at: run.started_at.to_string(),
            finished_at: run.finished_at.map(|at| at.to_string()),
            counts: run.counts,
            failure: run.failure.as_ref().map(failure),
            retry_at: retry_at(run),
            held: run.held.len(),
            held_waiting: false,
            held_account_changes: held_account_changes(run, connection),
            more_account_changes: run.more_account_changes,
            webhook_enabled_again: run.webhook_enabled_again,
            log_available: run.log_key.is_some(),
            progress: None,
        }
    }

    /// Sets whether an admin has to decide about the held deletions.
    pub(crate) fn with_held_waiting(self, held_waiting: bool) -> Self {
        Self {
            held_waiting,
            ..self
        }
    }

    /// Adds the progress of the run, if it has the lease.
    pub(crate) fn with_progress(self, lease: &SeatsAndLease) -> Self {
        let under_way = self.outcome == RunOutcome::Running
            && lease
                .holder
                .as_ref()
                .is_some_and(|holder| holder.as_str() == self.run_id);
        let progress = under_way.then_some(ProgressView {
            done: lease.done,
            total: lease.total,
        });
        Self { progress, ..self }
    }
}

fn retry_at(run: &Run) -> Option<String> {
    let retry = run.retry.as_ref()?;
    (run.outcome == RunOutcome::Running).then(|| retry.at.to_string())
}

fn failure(failure: &RunFailure) -> FailureView {
    FailureView {
        code: failure.code(),
        cause: failure.cause(),
        remedy: failure.remedy(),
    }
}
