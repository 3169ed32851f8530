//! A run in one line.

use domain::time::date_and_time;
use domain::{Run, RunId, RunOutcome};
use jiff::Timestamp;
use serde::Serialize;

/// The reason of a run that began, has no lease and is not known to come again: it died, or its message waits.
const NOT_UNDER_WAY: &str = "not under way";

/// What an operator wants to know of a run at a glance.
#[derive(Debug, Serialize)]
pub(crate) struct LastRun {
    pub(crate) run_id: RunId,
    pub(crate) started_at: Timestamp,
    pub(crate) outcome: RunOutcome,
    /// Why the whole run failed, or does not go on; `None` if it did not fail.
    pub(crate) reason: Option<&'static str>,
    /// When the run tries again, because SmartHR does not answer; `None` if it does not wait for that.
    pub(crate) next_attempt: Option<Timestamp>,
    /// How many people failed.
    pub(crate) failed: u32,
}

impl LastRun {
    /// Returns what there is to know of a run of a workspace in which `under_way` has the lease.
    pub(crate) fn of(run: &Run, under_way: Option<&RunId>, now: Timestamp) -> Self {
        let is_idle = run.outcome == RunOutcome::Running && under_way != Some(&run.run_id);
        let retry = run.retry.as_ref();
        let retry = retry.filter(|_| is_idle && run.is_expected_again(now));
        let failure = run.failure.as_ref().or(retry.map(|retry| &retry.failure));
        let failure = failure.map(domain::RunFailure::code);
        Self {
            run_id: run.run_id.clone(),
            started_at: run.started_at,
            outcome: run.outcome,
            reason: failure.or_else(|| is_idle.then_some(NOT_UNDER_WAY)),
            next_attempt: retry.map(|retry| retry.at),
            failed: run.counts.failed,
        }
    }

    /// Returns how it went, in words.
    pub(crate) fn words(&self) -> String {
        if let (Some(at), Some(reason)) = (self.next_attempt, self.reason) {
            return format!("waits for SmartHR until {} ({reason})", date_and_time(at));
        }
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

#[cfg(test)]
mod tests {
    use domain::{Mode, OutageRetry, RunFailure, Trigger, run_id};
    use jiff::SignedDuration;

    use super::*;

    #[test]
    fn a_run_that_waits_for_smarthr_is_shown_with_its_next_attempt_until_that_is_overdue() {
        let at: Timestamp = "2026-11-23T02:30:00+09:00".parse().unwrap();
        let two = at - SignedDuration::from_mins(30);
        let id = run_id(two, Trigger::Schedule);
        let waiting = Run {
            retry: Some(OutageRetry {
                at,
                failure: RunFailure::SmartHrDown,
            }),
            ..Run::begun(id.clone(), Trigger::Schedule, Mode::Apply, two)
        };
        let words = |under_way, now| LastRun::of(&waiting, under_way, now).words();
        let waits = "waits for SmartHR until 2026/11/23 02:30 (smarthr_down)";
        assert_eq!(words(None, two), waits);
        assert_eq!(words(Some(&id), at), "running");
        let overdue = at + SignedDuration::from_hours(2);
        assert_eq!(words(None, overdue), NOT_UNDER_WAY);
    }
}
