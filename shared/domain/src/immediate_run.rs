//! 即時反映: the runs that SmartHR's reports start. All that look only at reported people are one entry of the history a day.

use jiff::Timestamp;

use crate::run::{Run, Trigger, run_id};
use crate::{RunId, time};

/// Returns the id of the run that every batch of reported people of a day in Japan continues. It begins with the day's first
/// moment, so that the night of the same day is newer.
pub fn immediate_run_id(now: Timestamp) -> RunId {
    run_id(time::midnight_in_japan(now), Trigger::Immediate)
}

/// Returns the id of the run that looks at everybody because of reports, and was asked for at `asked_at`.
pub fn whole_immediate_run_id(asked_at: Timestamp) -> RunId {
    RunId::new(format!(
        "{}-everybody",
        run_id(asked_at, Trigger::Immediate)
    ))
}

impl Run {
    /// Returns whether this is the entry of a day that has all its immediate changes. It says nothing about people whom
    /// SmartHR did not report.
    pub fn is_of_reported_people(&self) -> bool {
        self.trigger == Trigger::Immediate && is_of_reported_people(&self.run_id)
    }
}

/// Returns whether an immediate run with this id looks only at reported people.
pub fn is_of_reported_people(run_id: &RunId) -> bool {
    run_id.as_str().ends_with("-immediate")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Mode;

    #[test]
    fn a_day_in_japan_has_one_entry_and_the_night_is_newer() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let night = run_id(at("2026-11-24T02:00:00+09:00"), Trigger::Schedule);
        let early = immediate_run_id(at("2026-11-24T00:30:00+09:00"));
        let late = immediate_run_id(at("2026-11-24T23:59:59+09:00"));
        assert_eq!(early, late);
        assert!(early < night);
        assert!(night < immediate_run_id(at("2026-11-25T00:00:00+09:00")));
    }

    #[test]
    fn a_run_that_looks_at_everybody_is_not_the_entry_of_a_day() {
        let midnight: Timestamp = "2026-11-24T00:00:00+09:00".parse().unwrap();
        let run = |id| Run::begun(id, Trigger::Immediate, Mode::Apply, midnight);
        assert!(run(immediate_run_id(midnight)).is_of_reported_people());
        assert!(!run(whole_immediate_run_id(midnight)).is_of_reported_people());
    }
}
