//! The end of a run, and of what its initial passwords were made from.

use aws_sdk_dynamodb::types::{AttributeValue, Put, TransactWriteItem, Update};
use domain::{RunId, WorkspaceId};
use jiff::Timestamp;

use crate::commit::{invalid_request, put_item};
use crate::connections::connection_key;
use crate::error::StoreError;
use crate::outbox::outbox_item;
use crate::runs::runs_partition;
use crate::seats_and_lease::{Lease, lease_end, seats_and_lease_key};
use crate::store::{Store, number, text};
use crate::transact::Guarded;
use domain::NotifiedFailures;
use domain::OutboxMail;
use domain::{Mode, Run};

/// What is written with the end of a run.
#[derive(Clone, Debug, Default)]
pub struct RunEnd {
    /// Mails to be sent.
    pub mails: Vec<OutboxMail>,
    /// Set when one of them tells the admins of a failure.
    pub notified_failures: Option<NotifiedFailures>,
}

impl Store {
    /// Ends a run: its record, its mails and the end of its lease are one write. The lease may be
    /// that of a later run, which ends one that never came back; it is kept then. Without a lease
    /// (a preview) only the record is written.
    ///
    /// # Errors
    /// [`StoreError::Fenced`] when the lease is lost; [`StoreError::Conflict`] when it ended
    /// already.
    pub async fn end_run(
        &self,
        workspace_id: &WorkspaceId,
        run: &Run,
        lease: Option<&Lease>,
        ending: &RunEnd,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut items = Vec::new();
        let mut guarded = Guarded::No;
        if let Some(lease) = lease {
            let (release, until) = if lease.run_id == run.run_id {
                // Whoever holds the lease ended all others first.
                ("SET held_until = :until REMOVE holder, unended", 0)
            } else {
                (
                    "SET held_until = :until DELETE unended :ended",
                    lease_end(now),
                )
            };
            let mut gate = Update::builder()
                .table_name(&self.tables.workspaces)
                .set_key(Some(seats_and_lease_key(workspace_id)))
                .update_expression(release)
                .condition_expression("fence = :fence")
                .expression_attribute_values(":until", number(until))
                .expression_attribute_values(":fence", number(lease.fence));
            if lease.run_id != run.run_id {
                let ended = AttributeValue::Ss(vec![run.run_id.to_string()]);
                gate = gate.expression_attribute_values(":ended", ended);
            }
            let gate = gate.build().map_err(invalid_request)?;
            items.push(TransactWriteItem::builder().update(gate).build());
            guarded = Guarded::ByLease(lease.fence);
        }
        let record = Put::builder()
            .table_name(&self.tables.runs)
            .set_item(Some(Self::run_item(workspace_id, run, now)?))
            .condition_expression("outcome = :running")
            .expression_attribute_values(":running", text("running"));
        items.push(put_item(record)?);
        if let Some(told) = &ending.notified_failures {
            let told = Update::builder()
                .table_name(&self.tables.workspaces)
                .set_key(Some(connection_key(workspace_id)))
                .update_expression("SET told = :told ADD version :one")
                .condition_expression("attribute_exists(pk)")
                .expression_attribute_values(":one", number(1))
                .expression_attribute_values(
                    ":told",
                    serde_dynamo::to_attribute_value(told).map_err(StoreError::corrupt("told"))?,
                )
                .build()
                .map_err(invalid_request)?;
            items.push(TransactWriteItem::builder().update(told).build());
        }
        for mail in &ending.mails {
            let put = Put::builder()
                .table_name(&self.tables.outbox)
                .set_item(Some(outbox_item(workspace_id, mail)?));
            items.push(put_item(put)?);
        }
        self.transact(items, guarded).await
    }

    /// Forgets what the initial passwords of a run were derived from.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn forget_password_seed(
        &self,
        workspace_id: &WorkspaceId,
        run_id: &RunId,
    ) -> Result<(), StoreError> {
        self.db
            .update_item()
            .table_name(&self.tables.runs)
            .key("pk", text(runs_partition(workspace_id, Mode::Apply)))
            .key("sk", text(run_id.as_str()))
            .update_expression("REMOVE password_seed")
            .condition_expression("attribute_exists(pk)")
            .send()
            .await
            .map_err(StoreError::from_sdk("UpdateItem"))?;
        Ok(())
    }
}
