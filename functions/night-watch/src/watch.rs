//! The events of the schedules, and the report of each round.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use storage::queues::Queues;
use storage::{Store, StoreError};

use crate::runs_not_begun::NotBegun;

/// The time after their start at which all runs of a night have begun.
const LATE: SignedDuration = SignedDuration::from_hours(1);

/// The event that EventBridge Scheduler sends.
#[derive(Debug, Deserialize)]
#[serde(tag = "round", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Round {
    /// The round at 02:30, and again an hour later, which looks for runs that have not begun.
    Night {
        /// The time of this round.
        scheduled_at: Timestamp,
        /// How many minutes before the runs were scheduled.
        #[serde(default = "half_an_hour")]
        minutes_after_start: u32,
    },
    /// The round every quarter of an hour, which redelivers waiting mails.
    Mails {},
    /// The round every morning, which looks for certificates that end soon.
    Certificates {},
    /// The round on Monday morning, which asks for the summaries of the week.
    Week {
        /// The time of this round, and the end of the week.
        scheduled_at: Timestamp,
    },
}

fn half_an_hour() -> u32 {
    30
}

/// The report of a round, for the log.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub(crate) enum RoundReport {
    /// The report about runs.
    Night {
        /// The number of runs that should have begun and have not.
        not_begun: u32,
        /// The number of workspaces that no run syncs although their settings are switched on.
        stopped: u32,
        /// The number of workspaces that were warned because their sync is paused.
        paused_warned: u32,
    },
    /// The report about mails.
    Mails {
        /// The number of waiting mails.
        waiting: usize,
        /// The number of mails that were sent to the queue again.
        asked_again: usize,
        /// The time that the oldest mail has waited, in seconds.
        oldest_seconds: i64,
    },
    /// The report about certificates.
    Certificates {
        /// The number of workspaces whose certificate ends within a week, or has ended.
        ending: u32,
        /// The number of mails that were written.
        mailed: u32,
    },
    /// The report about summaries.
    Week {
        /// The number of summaries that were asked for.
        summaries: u32,
    },
}

/// The clients that the rounds use.
pub(crate) struct Watch {
    pub(crate) store: Store,
    pub(crate) queues: Queues,
    pub(crate) clock: fn() -> Timestamp,
    /// The time after which no further mails are asked for in a round.
    pub(crate) time_for_mails: Duration,
}

impl Watch {
    /// Handles one round of the schedule, and returns its report.
    ///
    /// # Errors
    /// [`StoreError`] when the database or the queue does not answer; the schedule tries again.
    pub(crate) async fn handle(&self, round: Round) -> Result<RoundReport, StoreError> {
        match round {
            Round::Night {
                scheduled_at,
                minutes_after_start,
            } => {
                let passed = SignedDuration::from_mins(minutes_after_start.into());
                let start = scheduled_at.checked_sub(passed).unwrap_or(scheduled_at);
                let found = self.find_runs_not_begun(start).await?;
                if passed >= LATE {
                    found.print_runs_late((self.clock)());
                }
                let NotBegun {
                    runs, unreadable, ..
                } = found;
                let stopped = self.report_stopped_workspaces(unreadable).await?;
                let paused_warned = self.warn_of_paused_workspaces().await?;
                Ok(RoundReport::Night {
                    not_begun: runs,
                    stopped,
                    paused_warned,
                })
            }
            Round::Mails {} => self.redeliver_waiting_mails().await,
            Round::Week { scheduled_at } => self.write_weekly_summaries(scheduled_at).await,
            Round::Certificates {} => self.warn_of_ending_certificates().await,
        }
    }
}
