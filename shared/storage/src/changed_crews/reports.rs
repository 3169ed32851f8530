//! What SmartHR reports, and the message that asks for a run because of it.

use aws_sdk_dynamodb::types::AttributeValue;
use domain::time::later;
use domain::{ChangedCrews, CrewId, MOST_CREWS_IN_BATCH, WorkspaceId};
use jiff::Timestamp;

use crate::changed_crews::{KEPT, LATE, set_of};
use crate::error::{StoreError, if_condition_held};
use crate::store::{Store, from_item, number, text};

impl Store {
    /// Notes that SmartHR reported these crews, or everybody, and returns what is to be looked at now.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn report_changed_crews(
        &self,
        workspace_id: &WorkspaceId,
        crews: &[CrewId],
        everybody: bool,
        now: Timestamp,
    ) -> Result<ChangedCrews, StoreError> {
        const DATES: &str = "first_at = if_not_exists(first_at, :now), last_at = :now, #ttl = :ttl";
        let report = || {
            self.update_changed(workspace_id)
                .expression_attribute_names("#ttl", "ttl")
                .expression_attribute_values(":now", text(now.to_string()))
                .expression_attribute_values(":ttl", number(later(now, KEPT).as_second()))
        };
        if crews.is_empty() && !everybody {
            return self.changed_crews(workspace_id).await;
        }
        if !everybody && crews.len() <= MOST_CREWS_IN_BATCH {
            let room = MOST_CREWS_IN_BATCH - crews.len();
            let mut fits = "attribute_not_exists(everybody) AND \
                 (attribute_not_exists(crews) OR size(crews) <= :room"
                .to_owned();
            let mut update = report()
                .update_expression(format!("SET {DATES} ADD crews :crews, version :one"))
                .expression_attribute_values(":room", number(room))
                .expression_attribute_values(":crews", set_of(crews));
            if let [crew] = crews {
                fits.push_str(" OR contains(crews, :crew)");
                update = update.expression_attribute_values(":crew", text(crew.as_str()));
            }
            fits.push(')');
            let answer = update.condition_expression(fits).send().await;
            if let Some(reported) = if_condition_held("UpdateItem", answer)? {
                return from_item(reported.attributes.unwrap_or_default(), "changed crews");
            }
        }
        let reported = report()
            .update_expression(format!(
                "SET {DATES}, everybody = :true REMOVE crews ADD version :one"
            ))
            .expression_attribute_values(":true", AttributeValue::Bool(true))
            .send()
            .await
            .map_err(StoreError::from_sdk("UpdateItem"))?;
        from_item(reported.attributes.unwrap_or_default(), "changed crews")
    }

    /// Notes that a message is under way which asks for a run at `due` because of these reports, so that later reports
    /// send none. Does nothing when a batch was taken since.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn note_changes_announced(
        &self,
        workspace_id: &WorkspaceId,
        reported: &ChangedCrews,
        due: Timestamp,
    ) -> Result<(), StoreError> {
        let update = self
            .update_changed(workspace_id)
            .update_expression("SET announced_until = :until ADD version :one")
            .expression_attribute_values(":until", text(later(due, LATE).to_string()));
        let update = if reported.batch_number == 0 {
            update
                .condition_expression("attribute_exists(pk) AND attribute_not_exists(batch_number)")
        } else {
            update
                .condition_expression("batch_number = :batch")
                .expression_attribute_values(":batch", number(reported.batch_number))
        };
        if_condition_held("UpdateItem", update.send().await).map(|_| ())
    }
}
