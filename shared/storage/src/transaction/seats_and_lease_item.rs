//! The change of the number of users, refused beyond the plan's seats, and the renewal of the lease,
//! refused to a run that no longer has it.

use aws_sdk_dynamodb::types::{ReturnValuesOnConditionCheckFailure, TransactWriteItem, Update};
use domain::WorkspaceId;
use jiff::Timestamp;

use crate::error::StoreError;
use crate::seats_and_lease::{lease_end, seats_and_lease_key};
use crate::store::{Store, number};
use crate::transaction::{Commit, update};

impl Store {
    /// Returns the update of seats and lease; `None` for a change outside of a run that leaves the
    /// number of users as it is.
    pub(super) fn seats_and_lease_item(
        &self,
        workspace_id: &WorkspaceId,
        commit: &Commit<'_>,
        now: Timestamp,
    ) -> Result<Option<TransactWriteItem>, StoreError> {
        let more: i64 = commit
            .users
            .iter()
            .map(|write| i64::from(write.after().is_some()) - i64::from(write.before().is_some()))
            .sum();
        if more == 0 && commit.step.is_none() {
            return Ok(None);
        }
        let mut item = Update::builder()
            .table_name(&self.tables.workspaces)
            .set_key(Some(seats_and_lease_key(workspace_id)))
            .expression_attribute_names("#users", "users")
            .expression_attribute_values(":more", number(more))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        let mut conditions = Vec::new();
        if more > 0 {
            let most = i64::from(commit.seats) - more;
            if most < 0 {
                return Err(StoreError::SeatsFull);
            }
            conditions.push("(attribute_not_exists(#users) OR #users <= :most)");
            item = item.expression_attribute_values(":most", number(most));
        }
        let mut expression = "ADD #users :more, users_version :one".to_owned();
        item = item.expression_attribute_values(":one", number(1));
        if more != 0 {
            expression.push_str(", moves :one");
        }
        if let Some(step) = &commit.step {
            if step.changed_by_day > 0 {
                expression.push_str(", by_day :by_day");
                item = item.expression_attribute_values(":by_day", number(step.changed_by_day));
            }
            conditions.push("fence = :fence");
            expression.push_str(" SET held_until = :until, #done = :done, #total = :total");
            let done = step.people_before as usize + step.rows.len();
            item = item
                .expression_attribute_names("#done", "done")
                .expression_attribute_names("#total", "total")
                .expression_attribute_values(":fence", number(step.lease.fence))
                .expression_attribute_values(":until", number(lease_end(now)))
                .expression_attribute_values(":done", number(done))
                .expression_attribute_values(":total", number(step.total));
            if let Some(deletions) = &step.deletions {
                // The run that has the lease is the only one that writes them.
                expression.push_str(", deletions = :deletions");
                let deletions = serde_dynamo::to_attribute_value(deletions);
                let deletions = deletions.map_err(StoreError::corrupt("counted deletions"))?;
                item = item.expression_attribute_values(":deletions", deletions);
            }
        }
        item = item.update_expression(expression);
        if !conditions.is_empty() {
            item = item.condition_expression(conditions.join(" AND "));
        }
        update(item).map(Some)
    }
}
