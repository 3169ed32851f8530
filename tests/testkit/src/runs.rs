//! A run for tests.

use domain::{Mode, Run, RunId, RunOutcome, Trigger};

use crate::clock::now;

/// A nightly run with this id that has just succeeded and changed nobody.
pub fn succeeded_run(id: &str) -> Run {
    Run {
        outcome: RunOutcome::Success,
        finished_at: Some(now()),
        ..Run::begun(RunId::new(id), Trigger::Schedule, Mode::Apply, now())
    }
}
