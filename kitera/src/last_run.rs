//! A run in one line.

use domain::time::date_and_time;
use domain::{Run, RunId, RunOutcome};
use jiff::Timestamp;
use serde::Serialize;

/// The reason of a run that began and has no lease: it died, or waits for another one.
const NOT_UNDER_WAY: &str = "not under way";

/// What an operator wants to know of a run at a glance.
#[derive(Debug, Serialize)]
pub(crate) struct LastRun {
    pub(crate) run_id: RunId,
    pub(crate) started_at: Timestamp,
    pub(crate) outcome: RunOutcome,
    /// Why the whole run failed, or does not go on; `None` if it did not fail.
    pub(crate) reason: Option<&'static str>,
    /// How many people failed.
    pub(crate) failed: u32,
}

impl LastRun {
    /// Returns what there is to know of a run of a workspace in which `under_way` has the lease.
    pub(crate) fn of(run: &Run, under_way: Option<&RunId>) -> Self {
        let is_dead = run.outcome == RunOutcome::Running && under_way != Some(&run.run_id);
        let failure = run.failure.as_ref().map(domain::RunFailure::code);
        Self {
            run_id: run.run_id.clone(),
            started_at: run.started_at,
            outcome: run.outcome,
            reason: failure.or_else(|| is_dead.then_some(NOT_UNDER_WAY)),
            failed: run.counts.failed,
        }
    }

    /// Returns how it went, in words.
    pub(crate) fn words(&self) -> String {
        match (self.outcome, self.reason) {
            (_, Some(reason)) => reason.to_owned(),
            (RunOutcome::Running, None) => "running".to_owned(),
            (RunOutcome::Success, None) => "success".to_owned(),
            (RunOutcome::Failure, None) => "some people failed".to_owned(),
        }
    }

    /// Returns the time in Japan and how it went.
    pub(crate) fn line(&self) -> String {
        let failed = match self.failed {
            0 => String::new(),
            failed => format!(" ({failed})"),
        };
        format!(
            "{} {}{failed}",
            date_and_time(self.started_at),
            self.words()
        )
    }
}
