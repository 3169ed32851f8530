//! What a batch takes of the reports, postpones and releases.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use domain::{ChangedCrews, CrewId, RunId, WorkspaceId};
use jiff::Timestamp;

use crate::changed_crews::set_of;
use crate::error::{StoreError, if_condition_held};
use crate::store::{Store, number, text};

impl Store {
    /// Takes the crews of `changed`, as read at `now`, for the batch that has the workspace's lease: later reports
    /// begin another batch. What a killed batch had taken is taken again. Returns what is taken.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when something was reported since; the caller reads and decides again.
    pub async fn take_changed_crews(
        &self,
        workspace_id: &WorkspaceId,
        changed: &ChangedCrews,
        now: Timestamp,
    ) -> Result<BTreeSet<CrewId>, StoreError> {
        let looks_again = changed.is_next_look_due(now);
        let mut new = changed.crews.clone();
        if looks_again {
            new.extend(changed.put_off.iter().cloned());
        }
        let taken = &new | &changed.taken;
        if new.is_empty() {
            return Ok(taken);
        }
        let before = changed.reads_within_hour(now);
        let since = changed.reads_since.filter(|_| before > 0).unwrap_or(now);
        let update = self
            .update_changed(workspace_id)
            .update_expression(format!(
                "SET taken = :taken, taken_at = if_not_exists(taken_at, :now), single_reads = :reads, reads_since = :since \
                 REMOVE crews, first_at, last_at, announced_until{} ADD version :one, batch_number :one",
                if looks_again { ", put_off, next_look" } else { "" }
            ))
            .expression_attribute_values(":taken", set_of(&taken))
            .expression_attribute_values(":now", text(now.to_string()))
            .expression_attribute_values(":reads", number(before + new.len()))
            .expression_attribute_values(":since", text(since.to_string()));
        unchanged_since(changed, update).await?;
        Ok(taken)
    }

    /// Postpones taken crews: a batch at `until` looks at them again, or one before, when others were postponed until
    /// then. Returns whether a message has to be sent that asks for it.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn put_off_changed_crews(
        &self,
        workspace_id: &WorkspaceId,
        crews: &[CrewId],
        until: Timestamp,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let next_look = self.changed_crews(workspace_id).await?.next_look;
        let asked_for = next_look.filter(|at| *at > now && *at <= until);
        self.update_changed(workspace_id)
            .update_expression("SET next_look = :until ADD put_off :crews, version :one")
            .expression_attribute_values(":until", text(asked_for.unwrap_or(until).to_string()))
            .expression_attribute_values(":crews", set_of(crews))
            .send()
            .await
            .map_err(StoreError::from_sdk("UpdateItem"))?;
        Ok(asked_for.is_none())
    }

    /// Takes all reports of `changed`, as read at `now`, for the full run `run_id`, which is yet to be asked for.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when something was reported since; the caller reads and decides again.
    pub async fn take_for_full_run(
        &self,
        workspace_id: &WorkspaceId,
        changed: &ChangedCrews,
        run_id: &RunId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let update = self
            .update_changed(workspace_id)
            .update_expression(
                "SET whole_run = :run, whole_at = :now \
                 REMOVE everybody, crews, first_at, last_at, announced_until, taken, taken_at \
                 ADD version :one, batch_number :one",
            )
            .expression_attribute_values(":run", text(run_id.as_str()))
            .expression_attribute_values(":now", text(now.to_string()));
        unchanged_since(changed, update).await
    }

    /// Forgets crews that were taken: their batch has written all that it does for them.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn release_taken_crews(
        &self,
        workspace_id: &WorkspaceId,
        taken: &BTreeSet<CrewId>,
    ) -> Result<(), StoreError> {
        if taken.is_empty() {
            return Ok(());
        }
        let update = self
            .update_changed(workspace_id)
            .update_expression("REMOVE taken_at DELETE taken :taken ADD version :one")
            .condition_expression("attribute_exists(pk)")
            .expression_attribute_values(":taken", set_of(taken));
        if_condition_held("UpdateItem", update.send().await).map(|_| ())
    }

    /// Forgets everything that was reported: nobody looks at it before the night.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn forget_changed_crews(&self, workspace_id: &WorkspaceId) -> Result<(), StoreError> {
        let update = self
            .update_changed(workspace_id)
            .update_expression(
                "REMOVE everybody, crews, first_at, last_at, announced_until, taken, taken_at, \
                 put_off, next_look ADD version :one, batch_number :one",
            )
            .condition_expression("attribute_exists(pk)");
        if_condition_held("UpdateItem", update.send().await).map(|_| ())
    }
}

async fn unchanged_since(
    changed: &ChangedCrews,
    update: UpdateItemFluentBuilder,
) -> Result<(), StoreError> {
    let update = update
        .condition_expression("version = :seen")
        .expression_attribute_values(":seen", number(changed.version));
    if_condition_held("UpdateItem", update.send().await)?
        .map(|_| ())
        .ok_or(StoreError::Conflict("another report came"))
}
