//! Names of runs.

use aws::runs::Trigger;
use directory::RunId;
use jiff::Timestamp;

/// The id of the run that was started so at `started_at`: it sorts by start, and the schedule's
/// event, delivered twice, names the same run twice.
pub fn run_id(started_at: Timestamp, trigger: Trigger) -> RunId {
    let how = match trigger {
        Trigger::Schedule => "schedule",
        Trigger::Manual => "manual",
        Trigger::Operator => "operator",
    };
    RunId::new(format!("{}-{how}", started_at.strftime("%Y%m%dT%H%M%SZ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_named_after_its_start_in_utc_and_how_it_was_started() {
        let two_in_japan: Timestamp = "2026-11-23T02:00:00+09:00".parse().unwrap();
        assert_eq!(
            run_id(two_in_japan, Trigger::Schedule).as_str(),
            "20261122T170000Z-schedule"
        );
    }
}
