//! The schedules' events in, metrics out.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use storage::Store;
use storage::StoreError;
use storage::queues::Queues;

/// What EventBridge Scheduler sends.
#[derive(Debug, Deserialize)]
#[serde(tag = "round", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Round {
    /// At 02:30.
    Night {
        /// When; the night began half an hour earlier.
        scheduled_at: Timestamp,
    },
    /// Every quarter of an hour.
    Mails {},
}

/// What was found.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub(crate) enum Found {
    /// At 02:30.
    Night {
        /// How many runs should have begun and have not.
        not_begun: u32,
    },
    /// Of the mails.
    Mails {
        /// How many wait.
        waiting: usize,
        /// How many were asked for again.
        asked_again: usize,
        /// How long the oldest has waited, in seconds.
        oldest_seconds: i64,
    },
}

/// Goes the rounds.
pub(crate) struct Watch {
    pub(crate) store: Store,
    pub(crate) queues: Queues,
    pub(crate) clock: fn() -> Timestamp,
}

impl Watch {
    /// Goes one round.
    ///
    /// # Errors
    /// [`StoreError`] when the database or the queue does not answer; the schedule tries again.
    pub(crate) async fn go(&self, round: Round) -> Result<Found, StoreError> {
        match round {
            Round::Night { scheduled_at } => self.night(scheduled_at).await,
            Round::Mails {} => self.mails().await,
        }
    }
}
