//! Rounds in a test environment with a lost message or run.

mod ending_certificates;
mod paused_workspaces;
mod runs_not_begun;
mod stopped_workspaces;
mod waiting_mails;
mod weekly_summaries;

use std::time::Duration;

use jiff::SignedDuration;
use testkit::{TestEnv, now};

use crate::watch::Watch;

const DAY: SignedDuration = SignedDuration::from_hours(24);

fn watch(env: &TestEnv) -> Watch {
    Watch {
        store: env.store.clone(),
        queues: env.runner().queues,
        clock: now,
        time_for_mails: Duration::from_mins(1),
    }
}
