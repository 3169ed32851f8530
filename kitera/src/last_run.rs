//! A run in one line.

use domain::time::date_and_time;
use domain::{Run, RunId, RunOutcome};
use jiff::Timestamp;
use serde::Serialize;

/// What an operator wants to know of a run at a glance.
#[derive(Debug, Serialize)]
pub(crate) struct LastRun {
    pub(crate) run_id: RunId,
    pub(crate) started_at: Timestamp,
    pub(crate) outcome: RunOutcome,
    /// Why the whole run failed; `None` if it did not.
    pub(crate) reason: Option<&'static str>,
    /// How many people failed.
    pub(crate) failed: u32,
}

impl From<&Run> for LastRun {
    fn from(run: &Run) -> Self {
        Self {
            run_id: run.run_id.clone(),
            started_at: run.started_at,
            outcome: run.outcome,
            reason: run.failure.as_ref().map(domain::RunFailure::code),
            failed: run.counts.failed,
        }
    }
}

impl LastRun {
    /// Returns the time in Japan and how it went, in words.
    pub(crate) fn line(&self) -> String {
        let how = match (self.outcome, self.reason) {
            (RunOutcome::Running, _) => "running".to_owned(),
            (RunOutcome::Success, _) => "success".to_owned(),
            (RunOutcome::Failure, Some(reason)) => reason.to_owned(),
            (RunOutcome::Failure, None) => format!("{} people failed", self.failed),
        };
        format!("{} {how}", date_and_time(self.started_at))
    }
}
