//! The people whom SmartHR reported as changed and no immediate run has looked at yet, and when a run looks at them.
//!
//! A few are read by themselves. When more than 50 people are reported together, a whole import, or more than 1,000
//! people in an hour, a full run looks at everybody instead.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use crate::time::later;
use crate::{CrewId, RunId};

/// The most crews that are read by themselves in one batch. For more, a full run reads everybody.
pub const MOST_CREWS_IN_BATCH: usize = 50;

/// The most crews of a workspace that are read by themselves in an hour.
const MOST_READS_AN_HOUR: usize = 1_000;

const HOUR: SignedDuration = SignedDuration::from_hours(1);

/// How long reports must be quiet before a full run.
const QUIET: SignedDuration = SignedDuration::from_secs(60);

/// How long after the first report a full run begins at the latest.
const LONGEST_WAIT: SignedDuration = SignedDuration::from_mins(15);

/// The people whom SmartHR reported as changed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct ChangedCrews {
    /// The reported crews; empty when everybody is to be looked at.
    pub crews: BTreeSet<CrewId>,
    /// Whether everybody is to be looked at.
    pub everybody: bool,
    /// The first report since the last batch; `None` if there was none.
    pub first_at: Option<Timestamp>,
    /// The last report since the last batch; `None` if there was none.
    pub last_at: Option<Timestamp>,
    /// What a batch under way, or one that was killed, looks at.
    pub taken: BTreeSet<CrewId>,
    /// When the oldest of them was taken.
    pub taken_at: Option<Timestamp>,
    /// The last full run that was asked for.
    #[serde(rename = "whole_run")]
    pub full_run: Option<RunId>,
    /// When it was asked for.
    #[serde(rename = "whole_at")]
    pub full_run_at: Option<Timestamp>,
    /// The people whom a batch looks at again.
    pub put_off: BTreeSet<CrewId>,
    /// When a message is due that asks for this batch.
    pub next_look: Option<Timestamp>,
    /// Until when a message is under way that asks for a run.
    pub announced_until: Option<Timestamp>,
    /// How many crews were read by themselves since `reads_since`.
    pub single_reads: usize,
    /// The start of the hour in which single reads are counted; `None` if there were none.
    pub reads_since: Option<Timestamp>,
    /// Grows when a batch is taken.
    pub batch_number: u64,
    /// Grows with every write.
    pub version: u64,
}

impl ChangedCrews {
    /// Returns whether nothing was reported since the last batch, that one is done, and nobody is to be looked at
    /// again.
    pub fn is_nothing(&self, now: Timestamp) -> bool {
        !self.everybody
            && self.crews.is_empty()
            && self.taken.is_empty()
            && !self.is_next_look_due(now)
    }

    /// Returns whether those who were postponed are to be looked at again.
    pub fn is_next_look_due(&self, now: Timestamp) -> bool {
        self.next_look.is_some_and(|at| at <= now)
    }

    /// Returns whether a message has to be sent that asks for an immediate run: there is a report, and no message is
    /// under way. One that is long overdue was lost.
    pub fn needs_message(&self, now: Timestamp) -> bool {
        let is_reported = self.everybody || !self.crews.is_empty();
        is_reported && self.announced_until.is_none_or(|until| until <= now)
    }

    /// Returns whether a full run is needed: everybody was reported, or too many people would be read by themselves
    /// within an hour.
    pub fn needs_full_run(&self, now: Timestamp) -> bool {
        let reads = self.reads_within_hour(now) + self.crews.len();
        self.everybody || !self.crews.is_empty() && reads > MOST_READS_AN_HOUR
    }

    /// Returns when a full run may begin: once the reports are quiet for a minute, or a quarter of an hour after the
    /// first one, and at most once an hour.
    pub fn full_run_due(&self, now: Timestamp) -> Timestamp {
        let quiet = later(self.last_at.unwrap_or(now), QUIET);
        let latest = later(self.first_at.unwrap_or(now), LONGEST_WAIT);
        let an_hour_later = self.full_run_at.map(|at| later(at, HOUR));
        let due = quiet.min(latest);
        an_hour_later.map_or(due, |soonest| due.max(soonest))
    }

    /// Returns how many crews were read by themselves in the present hour.
    pub fn reads_within_hour(&self, now: Timestamp) -> usize {
        let since = self.reads_since.filter(|since| now < later(*since, HOUR));
        since.map_or(0, |_| self.single_reads)
    }
}
