//! A run in the words of the screen.

use domain::{Counts, Run, RunOutcome};
use jiff::{SignedDuration, Timestamp};
use storage::seats_and_lease::SeatsAndLease;

use crate::pages::japan_time::date_and_time;

/// A run ends within hours, however often it goes on in another invocation. One that still seems to be
/// under way after this has crashed, and looking again shows nothing new.
const LONGEST: SignedDuration = SignedDuration::from_hours(2);

/// What templates show of a run.
pub(crate) struct RunLine {
    pub(crate) id: String,
    /// `success`, `failure` or `running`
    pub(crate) outcome: &'static str,
    /// 成功, 失敗, 実行中
    pub(crate) outcome_label: &'static str,
    /// In Japan time.
    pub(crate) started: String,
    /// In Japan time; empty while it is under way.
    pub(crate) finished: String,
    pub(crate) trigger: &'static str,
    pub(crate) counts: Counts,
    /// 原因 and 対処, when it failed as a whole.
    pub(crate) failure: Option<(String, &'static str)>,
    pub(crate) log_available: bool,
    pub(crate) held: usize,
    /// Whether an admin has to answer about the held deletions.
    pub(crate) held_waiting: bool,
    /// People done and to do, once they are known.
    pub(crate) progress: Option<(u32, u32)>,
    /// Whether looking again soon shows more.
    pub(crate) refresh: bool,
}

impl RunLine {
    /// Creates the line of a run; `lease` knows how far the run under way is.
    pub(crate) fn of(run: &Run, lease: &SeatsAndLease, held_waiting: bool, now: Timestamp) -> Self {
        let (outcome, outcome_label) = match run.outcome {
            RunOutcome::Running => ("running", "実行中"),
            RunOutcome::Success => ("success", "成功"),
            RunOutcome::Failure => ("failure", "失敗"),
        };
        let running = run.outcome == RunOutcome::Running;
        let known = lease.holder.as_ref() == Some(&run.run_id) && lease.total > 0;
        Self {
            id: run.run_id.to_string(),
            outcome,
            outcome_label,
            started: date_and_time(run.started_at),
            finished: run.finished_at.map(date_and_time).unwrap_or_default(),
            trigger: run.trigger.label(),
            counts: run.counts,
            failure: run
                .failure
                .as_ref()
                .map(|failure| (failure.cause(), failure.remedy())),
            log_available: run.log_key.is_some(),
            held: run.held.len(),
            held_waiting,
            progress: (running && known).then_some((lease.done, lease.total)),
            refresh: running && now.duration_since(run.started_at) < LONGEST,
        }
    }
}
