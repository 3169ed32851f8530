//! The end of a run, which writes its record, its mails and its lease in one transaction. Beside it stand a run that
//! waits for its next attempt, and one that goes on after its end.

use aws_sdk_dynamodb::types::builders::UpdateBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, Put, TransactWriteItem, Update};
use domain::{
    AskedAccountChange, NotifiedFailures, OutboxMail, PasswordIssue, Run, Trigger, WorkspaceId,
};
use jiff::Timestamp;

use crate::connections::connection_key;
use crate::error::StoreError;
use crate::runs::run_item;
use crate::seats_and_lease::{Lease, lease_end, seats_and_lease_key};
use crate::store::{Store, number, text};
use crate::transaction::{FirstItem, put, update};

/// What is written together with the end of a run.
#[derive(Clone, Debug, Default)]
pub struct RunEnd {
    /// The mails to be sent.
    pub mails: Vec<OutboxMail>,
    /// The initial passwords that the run issued, which can be made again for a week; `None` if there are none.
    pub password_issue: Option<PasswordIssue>,
    /// The failures that one of the mails notifies the admins of; `None` if none does.
    pub notified_failures: Option<NotifiedFailures>,
    /// The account changes that the システム管理者 have been asked about from now on; `None` if they are
    /// the same as before.
    pub asked_account_changes: Option<Vec<AskedAccountChange>>,
}

impl Store {
    /// Ends a run: writes its record and its mails, and releases its lease. The lease may be that of a
    /// later run, which ends one that crashed; that lease is renewed. A preview has no lease.
    ///
    /// # Errors
    /// [`StoreError::Fenced`] when another invocation has the lease; [`StoreError::Conflict`] when the
    /// run ended already.
    pub async fn end_run(
        &self,
        workspace_id: &WorkspaceId,
        run: &Run,
        lease: Option<&Lease>,
        ending: &RunEnd,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut items = Vec::new();
        let mut first = FirstItem::Other;
        if let Some(lease) = lease {
            items.push(self.lease_of_ended_run(workspace_id, run, lease, now)?);
            first = FirstItem::SeatsAndLease(lease.fence);
        }
        items.push(self.unended_run(workspace_id, run, now)?);
        items.extend(self.notified_admins(workspace_id, ending)?);
        for mail in &ending.mails {
            items.push(self.outbox_item(workspace_id, mail)?);
        }
        if let Some(issue) = &ending.password_issue {
            items.push(self.password_issue_item(workspace_id, issue)?);
        }
        self.execute(items, first).await
    }

    /// Stores that a run waits for `run.retry`, and releases its lease, so that others may run meanwhile.
    ///
    /// # Errors
    /// [`StoreError::Fenced`] when another invocation has the lease; [`StoreError::Conflict`] when the
    /// run ended already.
    pub async fn await_retry(
        &self,
        workspace_id: &WorkspaceId,
        run: &Run,
        lease: &Lease,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let released = self
            .update_of_lease(workspace_id, lease, 0)
            .update_expression("SET held_until = :until REMOVE holder");
        let items = vec![update(released)?, self.unended_run(workspace_id, run, now)?];
        self.execute(items, FirstItem::SeatsAndLease(lease.fence))
            .await
    }

    /// Returns the write of a run that must not have ended, as an item of a transaction.
    fn unended_run(
        &self,
        workspace_id: &WorkspaceId,
        run: &Run,
        now: Timestamp,
    ) -> Result<TransactWriteItem, StoreError> {
        put(Put::builder()
            .table_name(&self.tables.runs)
            .set_item(Some(run_item(workspace_id, run, now)?))
            .condition_expression("outcome = :running")
            .expression_attribute_values(":running", text("running")))
    }

    /// Returns the update of the connection with what the mails of a run's end tell the admins.
    fn notified_admins(
        &self,
        workspace_id: &WorkspaceId,
        ending: &RunEnd,
    ) -> Result<Option<TransactWriteItem>, StoreError> {
        let mut set = Vec::new();
        let mut item = Update::builder()
            .table_name(&self.tables.workspaces)
            .set_key(Some(connection_key(workspace_id)))
            .condition_expression("attribute_exists(pk)")
            .expression_attribute_values(":one", number(1));
        if let Some(notified) = &ending.notified_failures {
            set.push("told = :told");
            let notified = serde_dynamo::to_attribute_value(notified);
            let notified = notified.map_err(StoreError::corrupt("notified failures"))?;
            item = item.expression_attribute_values(":told", notified);
        }
        if let Some(asked) = &ending.asked_account_changes {
            set.push("asked_account_changes = :asked");
            let asked = serde_dynamo::to_attribute_value(asked);
            let asked = asked.map_err(StoreError::corrupt("asked account changes"))?;
            item = item.expression_attribute_values(":asked", asked);
        }
        if set.is_empty() {
            return Ok(None);
        }
        let expression = format!("SET {} ADD version :one", set.join(", "));
        update(item.update_expression(expression)).map(Some)
    }

    fn lease_of_ended_run(
        &self,
        workspace_id: &WorkspaceId,
        ended: &Run,
        lease: &Lease,
        now: Timestamp,
    ) -> Result<TransactWriteItem, StoreError> {
        // A night begins to count the changes by day again.
        let counted = match ended.trigger {
            Trigger::Schedule => ", by_day",
            Trigger::Manual | Trigger::Operator | Trigger::Immediate => "",
        };
        let is_own = lease.run_id == ended.run_id;
        let until = if is_own { 0 } else { lease_end(now) };
        let item = self.update_of_lease(workspace_id, lease, until);
        let ended_run = || AttributeValue::Ss(vec![ended.run_id.to_string()]);
        update(if is_own && ended.is_day_entry() {
            // A batch ends no other run: a night that was interrupted goes on by itself.
            item.update_expression("SET held_until = :until REMOVE holder DELETE unended :ended")
                .expression_attribute_values(":ended", ended_run())
        } else if is_own {
            // The run that has the lease has ended all others.
            let expression = format!("SET held_until = :until REMOVE holder, unended{counted}");
            item.update_expression(expression)
        } else {
            item.update_expression("SET held_until = :until DELETE unended :ended")
                .expression_attribute_values(":ended", ended_run())
        })
    }

    /// Returns the update of a lease until `until`, in epoch milliseconds, as an item of a transaction, which is
    /// refused once another invocation has the lease.
    fn update_of_lease(
        &self,
        workspace_id: &WorkspaceId,
        lease: &Lease,
        until: i64,
    ) -> UpdateBuilder {
        Update::builder()
            .table_name(&self.tables.workspaces)
            .set_key(Some(seats_and_lease_key(workspace_id)))
            .condition_expression("fence = :fence")
            .expression_attribute_values(":until", number(until))
            .expression_attribute_values(":fence", number(lease.fence))
    }

    /// Goes on with the entry of a day's immediate changes, which had ended: `run` is under way again.
    ///
    /// # Errors
    /// [`StoreError::Fenced`] when another invocation has the lease.
    pub async fn reopen_run(
        &self,
        workspace_id: &WorkspaceId,
        run: &Run,
        lease: &Lease,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let renewed = self
            .update_of_lease(workspace_id, lease, lease_end(now))
            .update_expression("SET held_until = :until");
        let reopened = Put::builder()
            .table_name(&self.tables.runs)
            .set_item(Some(run_item(workspace_id, run, now)?));
        let items = vec![update(renewed)?, put(reopened)?];
        self.execute(items, FirstItem::SeatsAndLease(lease.fence))
            .await
    }
}
