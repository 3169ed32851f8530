//! 週次サマリー: what the runs of a week did, in numbers.

use jiff::{SignedDuration, Timestamp};

use crate::{Counts, Run, RunOutcome};

/// The time that a summary is about.
pub const WEEK: SignedDuration = SignedDuration::from_hours(7 * 24);

/// What the runs of a week did. People who change in several runs count in each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WeekCounts {
    /// The number of runs that ended.
    pub runs: u32,
    /// Of these, the number that failed as a whole.
    pub failed_runs: u32,
    /// The number of first invitations.
    pub invited: u32,
    /// The number of further invitations.
    pub reinvited: u32,
    /// The number of people who were registered without an invitation.
    pub registered: u32,
    /// The number of updates.
    pub updated: u32,
    /// The number of deletions.
    pub deleted: u32,
    /// How many people the last run could not sync.
    pub still_failed: u32,
    /// How many people the last run held.
    pub still_held: u32,
}

impl WeekCounts {
    /// Counts the runs, newest first, that started in the week before `until` and have ended; `None` if there is none.
    pub fn of(runs: &[Run], until: Timestamp) -> Option<Self> {
        let since = until.checked_sub(WEEK).unwrap_or(until);
        let is_of_week = |run: &&Run| {
            (since..until).contains(&run.started_at) && run.outcome != RunOutcome::Running
        };
        let mut week = runs.iter().filter(is_of_week).peekable();
        let last: Counts = week.peek()?.counts;
        let begun = Self {
            still_failed: last.failed,
            still_held: last.held,
            ..Self::default()
        };
        Some(week.fold(begun, |sum, run| Self {
            runs: sum.runs + 1,
            failed_runs: sum.failed_runs + u32::from(run.failure.is_some()),
            invited: sum.invited + run.counts.invited,
            reinvited: sum.reinvited + run.counts.reinvited,
            registered: sum.registered + run.counts.registered,
            updated: sum.updated + run.counts.updated,
            deleted: sum.deleted + run.counts.deleted,
            ..sum
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Mode, RunFailure, RunId, Trigger};

    fn run(started_at: &str, outcome: RunOutcome, counts: Counts) -> Run {
        let at = started_at.parse().unwrap();
        let id = RunId::new(started_at);
        Run {
            outcome,
            counts,
            ..Run::begun(id, Trigger::Schedule, Mode::Apply, at)
        }
    }

    #[test]
    fn a_week_adds_up_what_its_ended_runs_changed_and_keeps_what_the_last_one_left_open() {
        let counts = |invited, failed| Counts {
            invited,
            failed,
            held: failed,
            deleted: 1,
            ..Counts::default()
        };
        let failed = RunOutcome::Failure;
        let broken = Run {
            failure: Some(RunFailure::SmartHrMaintenance),
            ..run("2026-11-24T17:00:00Z", failed, Counts::default())
        };
        let runs = [
            run(
                "2026-11-30T00:00:00Z",
                RunOutcome::Success,
                counts(100, 100),
            ),
            run("2026-11-29T18:00:00Z", RunOutcome::Running, counts(50, 50)),
            run("2026-11-29T17:00:00Z", failed, counts(2, 3)),
            broken,
            run("2026-11-23T00:00:00Z", RunOutcome::Success, counts(5, 7)),
            run(
                "2026-11-22T23:59:59Z",
                RunOutcome::Success,
                counts(100, 100),
            ),
        ];
        let until = "2026-11-30T00:00:00Z".parse().unwrap();
        let week = WeekCounts::of(&runs, until).unwrap();
        let expected = WeekCounts {
            runs: 3,
            failed_runs: 1,
            invited: 7,
            deleted: 2,
            still_failed: 3,
            still_held: 3,
            ..WeekCounts::default()
        };
        assert_eq!(week, expected);
        assert_eq!(WeekCounts::of(&runs[..2], until), None);
    }
}
