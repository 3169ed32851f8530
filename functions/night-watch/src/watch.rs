//! The events of the schedules, and what each round reports.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use storage::queues::Queues;
use storage::{Store, StoreError};

/// The event that EventBridge Scheduler sends.
#[derive(Debug, Deserialize)]
#[serde(tag = "round", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Round {
    /// At 02:30.
    Night {
        /// The time of this round; the runs were scheduled half an hour before.
        scheduled_at: Timestamp,
    },
    /// Every quarter of an hour.
    Mails {},
}

/// What a round found.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub(crate) enum RoundReport {
    /// Of the runs.
    Night {
        /// How many runs should have begun and have not.
        not_begun: u32,
    },
    /// Of the mails.
    Mails {
        /// How many mails wait.
        waiting: usize,
        /// How many were asked for again.
        asked_again: usize,
        /// How long the oldest has waited, in seconds.
        oldest_seconds: i64,
    },
}

/// Watches over runs and mails.
pub(crate) struct Watch {
    pub(crate) store: Store,
    pub(crate) queues: Queues,
    pub(crate) clock: fn() -> Timestamp,
}

impl Watch {
    /// Makes one round.
    ///
    /// # Errors
    /// [`StoreError`] when the database or the queue does not answer; the schedule tries again.
    pub(crate) async fn make(&self, round: Round) -> Result<RoundReport, StoreError> {
        match round {
            Round::Night { scheduled_at } => self.find_runs_not_begun(scheduled_at).await,
            Round::Mails {} => self.redeliver_waiting_mails().await,
        }
    }
}
