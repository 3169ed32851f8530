//! A run for tests.

use domain::{Counts, Mode, Run, RunId, RunOutcome, Trigger};

use crate::clock::now;

/// A nightly run with this id that has just succeeded and changed nobody.
pub fn succeeded_run(id: &str) -> Run {
    Run {
        run_id: RunId::new(id),
        trigger: Trigger::Schedule,
        mode: Mode::Apply,
        outcome: RunOutcome::Success,
        started_at: now(),
        finished_at: Some(now()),
        counts: Counts::default(),
        failure: None,
        held: Vec::new(),
        log_key: None,
        password_seed: None,
    }
}
