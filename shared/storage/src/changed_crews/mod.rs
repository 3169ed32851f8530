//! The people whom SmartHR reported as changed and no immediate run has looked at yet, in the table `webhooks`: one item
//! a workspace. It has ids only; what changed is read in SmartHR.
//!
//! `pk` = workspace id, `sk` = "changed".
//!
//! | attribute | meaning |
//! |---|---|
//! | `crews` | the crews reported since the last batch, at most [`MOST_CREWS`] |
//! | `everybody` | more crews than that were reported, or a whole import: a run looks at everybody |
//! | `first_at`, `last_at` | the first and the last report since the last batch |
//! | `announced_until` | until then a message is under way that asks for a run |
//! | `taken`, `taken_at` | what the batch under way looks at, and since when; one that was killed left it for the next |
//! | `single_reads`, `reads_since` | how many crews were read by themselves in the present hour, and its start |
//! | `whole_run`, `whole_at` | the last run that looked at everybody because of reports, and when it was asked for |
//! | `put_off`, `next_look` | people whom a batch looks at again, and when a message is due that asks for it |
//! | `batch_number` | grows when a batch is taken |
//! | `version` | grows with every write |
//!
//! Nothing is lost when a function dies between two of these calls: SmartHR repeats a report that it got no answer to, what
//! was taken and not released is taken again, and the night looks at everybody. Nothing goes wrong when a report comes twice.
//! `ttl` ends the item two days after the last report, which two nights have seen to by then.

mod batches;
mod reports;

use std::collections::BTreeSet;

use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue};
use domain::time::later;
use domain::{CrewId, RunId, WorkspaceId};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use crate::error::StoreError;
use crate::store::{Item, Store, key, number};

/// The most crews that are read by themselves in one batch. For more, a run reads everybody.
pub const MOST_CREWS: usize = 50;

/// The most crews of a workspace that are read by themselves in an hour.
const MOST_READS_AN_HOUR: usize = 1_000;

const HOUR: SignedDuration = SignedDuration::from_hours(1);

/// How long reports must be quiet before a run looks at everybody.
const QUIET: SignedDuration = SignedDuration::from_secs(60);

/// How long after the first report a run looks at everybody at the latest.
const LONGEST_STORM: SignedDuration = SignedDuration::from_mins(15);

/// How late a message may be before another one is sent.
const LATE: SignedDuration = SignedDuration::from_mins(5);

const KEPT: SignedDuration = SignedDuration::from_hours(48);

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
    /// The last run that was asked to look at everybody because of reports.
    pub whole_run: Option<RunId>,
    /// When it was asked for.
    pub whole_at: Option<Timestamp>,
    /// The people whom a batch looks at again.
    put_off: BTreeSet<CrewId>,
    /// When a message is due that asks for this batch.
    next_look: Option<Timestamp>,
    announced_until: Option<Timestamp>,
    single_reads: usize,
    reads_since: Option<Timestamp>,
    batch_number: u64,
    version: u64,
}

impl ChangedCrews {
    /// Returns whether nothing was reported since the last batch, that one is done, and nobody is to be looked at again.
    pub fn is_nothing(&self, now: Timestamp) -> bool {
        !self.everybody
            && self.crews.is_empty()
            && self.taken.is_empty()
            && !self.is_next_look_due(now)
    }

    fn is_next_look_due(&self, now: Timestamp) -> bool {
        self.next_look.is_some_and(|at| at <= now)
    }

    /// Returns whether a message has to be sent that asks for an immediate run: there is a report, and no message is under
    /// way. One that is long overdue was lost.
    pub fn needs_message(&self, now: Timestamp) -> bool {
        let is_reported = self.everybody || !self.crews.is_empty();
        is_reported && self.announced_until.is_none_or(|until| until <= now)
    }

    /// Returns whether a run has to look at everybody: it was reported so, or too many people would be read by themselves
    /// within an hour.
    pub fn needs_everybody(&self, now: Timestamp) -> bool {
        let reads = self.reads_within_hour(now) + self.crews.len();
        self.everybody || !self.crews.is_empty() && reads > MOST_READS_AN_HOUR
    }

    /// Returns when a run may look at everybody: once the reports are quiet for a minute, or a quarter of an hour after the
    /// first one, and at most once an hour.
    pub fn whole_run_due(&self, now: Timestamp) -> Timestamp {
        let quiet = later(self.last_at.unwrap_or(now), QUIET);
        let latest = later(self.first_at.unwrap_or(now), LONGEST_STORM);
        let an_hour_later = self.whole_at.map(|at| later(at, HOUR));
        let due = quiet.min(latest);
        an_hour_later.map_or(due, |soonest| due.max(soonest))
    }

    fn reads_within_hour(&self, now: Timestamp) -> usize {
        let since = self.reads_since.filter(|since| now < later(*since, HOUR));
        since.map_or(0, |_| self.single_reads)
    }
}

fn changed_key(workspace_id: &WorkspaceId) -> Item {
    key([("pk", workspace_id.as_str()), ("sk", "changed")])
}

fn set_of<'a>(crews: impl IntoIterator<Item = &'a CrewId>) -> AttributeValue {
    let distinct: BTreeSet<&CrewId> = crews.into_iter().collect();
    AttributeValue::Ss(distinct.into_iter().map(ToString::to_string).collect())
}

impl Store {
    /// Returns the people whom SmartHR reported as changed.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn changed_crews(
        &self,
        workspace_id: &WorkspaceId,
    ) -> Result<ChangedCrews, StoreError> {
        let key = changed_key(workspace_id);
        let found = self.record(&self.tables.webhooks, key, "changed crews");
        Ok(found.await?.unwrap_or_default())
    }

    fn update_changed(&self, workspace_id: &WorkspaceId) -> UpdateItemFluentBuilder {
        self.db
            .update_item()
            .table_name(&self.tables.webhooks)
            .set_key(Some(changed_key(workspace_id)))
            .expression_attribute_values(":one", number(1))
            .return_values(ReturnValue::AllNew)
    }
}
