//! When a night's run comes again that SmartHR did not answer: outages pass, and a night that is lost
//! costs everybody a day.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::run::{Mode, Run, RunOutcome, Trigger};
use crate::run_failure::RunFailure;
use crate::time;

/// The further attempts of a night in Japan time, in minutes after midnight: 02:30, 03:00, 04:00, 05:00
/// and 06:00. The night's result is known when people begin to work.
const RETRY_MINUTES: [i64; 5] = [150, 180, 240, 300, 360];

/// The shortest time between two attempts.
const SHORTEST_WAIT: SignedDuration = SignedDuration::from_mins(10);

/// How long after its time an attempt may begin late, in a busy night, before its message counts as lost.
const LATEST_BEGIN: SignedDuration = SignedDuration::from_hours(1);

/// The next attempt of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutageRetry {
    /// The time of the attempt.
    pub at: Timestamp,
    /// Why the attempt before it failed.
    pub failure: RunFailure,
}

impl Run {
    /// Returns the next attempt after one that failed at `now`; `None` if the run ends, because the
    /// failure is no outage, the night is over, or somebody waits for its answer.
    pub fn retry_after(&self, failure: &RunFailure, now: Timestamp) -> Option<OutageRetry> {
        if self.trigger != Trigger::Schedule || self.mode != Mode::Apply || !failure.is_outage() {
            return None;
        }
        let midnight = time::midnight_in_japan(self.started_at);
        let attempts =
            RETRY_MINUTES.map(|minutes| time::later(midnight, SignedDuration::from_mins(minutes)));
        let soonest = time::later(now, SHORTEST_WAIT);
        attempts
            .into_iter()
            .find(|at| *at >= soonest)
            .map(|at| OutageRetry {
                at,
                failure: failure.clone(),
            })
    }

    /// Returns the attempt that the run waits for at `now`; `None` if it is under way or ended.
    pub fn waits_for(&self, now: Timestamp) -> Option<&OutageRetry> {
        let retry = self.retry.as_ref().filter(|retry| retry.at > now);
        retry.filter(|_| self.outcome == RunOutcome::Running)
    }

    /// Returns whether a message is still to come that goes on with the run.
    pub fn is_expected_again(&self, now: Timestamp) -> bool {
        let retry = self.retry.as_ref();
        retry.is_some_and(|retry| now < time::later(retry.at, LATEST_BEGIN))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run_id;

    fn night(trigger: Trigger) -> Run {
        let two = "2026-11-23T02:00:00+09:00".parse().unwrap();
        Run::begun(run_id(two, trigger), trigger, Mode::Apply, two)
    }

    /// Returns the times of all attempts in Japan, each of which fails after so many minutes.
    fn attempts(run: &Run, failure: &RunFailure, takes: i64) -> Vec<String> {
        let mut now = run.started_at;
        let mut attempts = Vec::new();
        while let Some(retry) = run.retry_after(failure, now + SignedDuration::from_mins(takes)) {
            attempts.push(time::date_and_time(retry.at).split_off(11));
            now = retry.at;
        }
        attempts
    }

    #[test]
    fn an_outage_is_tried_again_until_six() {
        let night = night(Trigger::Schedule);
        for outage in [RunFailure::SmartHrDown, RunFailure::SmartHrMaintenance] {
            let quick = attempts(&night, &outage, 0);
            assert_eq!(quick, ["02:30", "03:00", "04:00", "05:00", "06:00"]);
            let slow = attempts(&night, &outage, 25);
            assert_eq!(slow, ["03:00", "04:00", "05:00", "06:00"]);
        }
    }

    #[test]
    fn what_waiting_does_not_mend_or_somebody_waits_for_ends_at_once() {
        let by_night = night(Trigger::Schedule);
        assert_eq!(attempts(&by_night, &RunFailure::TokenRefused, 0), [""; 0]);
        assert_eq!(attempts(&by_night, &RunFailure::ClientRefused, 0), [""; 0]);
        let down = RunFailure::SmartHrDown;
        assert_eq!(attempts(&night(Trigger::Manual), &down, 0), [""; 0]);
        assert_eq!(attempts(&night(Trigger::Operator), &down, 0), [""; 0]);
        let preview = Run {
            mode: Mode::Preview,
            ..by_night
        };
        assert_eq!(attempts(&preview, &down, 0), [""; 0]);
    }
}
