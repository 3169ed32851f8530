//! 即時反映: the runs that SmartHR's reports start. All that look only at reported people are one entry of the history
//! a day.

use jiff::Timestamp;

use crate::run::{Run, Trigger, run_id};
use crate::{RunId, time};

/// Returns the id of the entry of the day: the run that every batch of reported people of a day in Japan continues. It
/// begins with the day's first moment, so that the night of the same day is newer.
pub fn day_entry_id(now: Timestamp) -> RunId {
    run_id(time::midnight_in_japan(now), Trigger::Immediate)
}

/// Returns the id of the full run that was asked for at `asked_at`: it looks at everybody because of reports.
pub fn full_run_id(asked_at: Timestamp) -> RunId {
    RunId::new(format!(
        "{}-everybody",
        run_id(asked_at, Trigger::Immediate)
    ))
}

impl Run {
    /// Returns whether this is the entry of a day that has all its immediate changes. It says nothing about people whom
    /// SmartHR did not report.
    pub fn is_day_entry(&self) -> bool {
        self.trigger == Trigger::Immediate && is_day_entry(&self.run_id)
    }
}

/// Returns whether an immediate run with this id is the entry of a day, so that it looks only at reported people.
pub fn is_day_entry(run_id: &RunId) -> bool {
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
        let early = day_entry_id(at("2026-11-24T00:30:00+09:00"));
        let late = day_entry_id(at("2026-11-24T23:59:59+09:00"));
        assert_eq!(early, late);
        assert!(early < night);
        assert!(night < day_entry_id(at("2026-11-25T00:00:00+09:00")));
    }

    #[test]
    fn a_full_run_is_not_the_entry_of_a_day() {
        let midnight: Timestamp = "2026-11-24T00:00:00+09:00".parse().unwrap();
        let run = |id| Run::begun(id, Trigger::Immediate, Mode::Apply, midnight);
        assert!(run(day_entry_id(midnight)).is_day_entry());
        assert!(!run(full_run_id(midnight)).is_day_entry());
    }
}
