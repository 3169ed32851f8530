//! The people whom SmartHR reported as changed and no immediate run has looked at yet, in the table `webhooks`: one
//! item a workspace. It has ids only; what changed is read in SmartHR. [`ChangedCrews`] has the rules.
//!
//! `pk` = workspace id, `sk` = "changed".
//!
//! | attribute | meaning |
//! |---|---|
//! | `crews` | the crews reported since the last batch, at most [`domain::MOST_CREWS_IN_BATCH`] |
//! | `everybody` | more crews than that were reported, or a whole import: a run looks at everybody |
//! | `first_at`, `last_at` | the first and the last report since the last batch |
//! | `announced_until` | until then a message is under way that asks for a run |
//! | `taken`, `taken_at` | what the batch under way looks at, and since when; one that was killed left it for the next |
//! | `single_reads`, `reads_since` | how many crews were read by themselves in the present hour, and its start |
//! | `whole_run`, `whole_at` | the last full run, and when it was asked for |
//! | `put_off`, `next_look` | people whom a batch looks at again, and when a message is due that asks for it |
//! | `batch_number` | grows when a batch is taken |
//! | `version` | grows with every write |
//!
//! Nothing is lost when a function dies between two of these calls: SmartHR repeats a report that it got no answer to,
//! what was taken and not released is taken again, and the night looks at everybody. Nothing goes wrong when a report
//! comes twice. `ttl` ends the item two days after the last report, which two nights have seen to by then.

mod batches;
mod reports;

use std::collections::BTreeSet;

use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue};
use domain::{ChangedCrews, CrewId, WorkspaceId};
use jiff::SignedDuration;

use crate::error::StoreError;
use crate::store::{Item, Store, key, number};

/// How late a message may be before another one is sent.
const LATE: SignedDuration = SignedDuration::from_mins(5);

const KEPT: SignedDuration = SignedDuration::from_hours(48);

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
