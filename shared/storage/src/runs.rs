//! Runs, in the table `runs`.
//!
//! `pk` = workspace id, with "#preview" appended for previews; `sk` = run id, which sorts by time; the
//! fields of [`Run`]. `password_seed`, from which initial passwords are derived, is removed when their
//! mail was sent. `ttl` ends the item after 400 days, and a preview's after 7.

use std::collections::HashSet;

use aws_sdk_dynamodb::types::builders::UpdateBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, Put, TransactWriteItem, Update};
use domain::{
    AskedAccountChange, Mode, NotifiedFailures, OutboxMail, PasswordIssue, Run, RunId, Trigger,
    WorkspaceId,
};
use jiff::{SignedDuration, Timestamp};

use crate::connections::connection_key;
use crate::error::{StoreError, if_condition_held};
use crate::seats_and_lease::{Lease, lease_end, seats_and_lease_key};
use crate::store::{Item, Store, expire_at, key, number, readable, string, text, to_item};
use crate::transaction::{FirstItem, put, update};

/// How long the history is kept: 400 days.
pub const HISTORY: SignedDuration = SignedDuration::from_hours(400 * 24);

/// The number of runs among which the newest of a kind is searched.
const LOOKED_THROUGH: i32 = 4;

/// The most previews that a workspace starts on a day, among which the newest with the saved settings is searched.
const PREVIEWS_A_DAY: i32 = 100;

/// How long a preview is kept: a week.
pub const PREVIEWS: SignedDuration = SignedDuration::from_hours(7 * 24);

/// How a run was recorded at its start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RunStart {
    /// The run was not recorded before, and starts now.
    New,
    /// The run started before, and may have ended: the stored record.
    Existing(Box<Run>),
}

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

pub(crate) fn run_key(workspace_id: &WorkspaceId, run_id: &RunId, mode: Mode) -> Item {
    let partition = run_partition(workspace_id, mode);
    key([("pk", &partition), ("sk", run_id.as_str())])
}

pub(crate) fn run_partition(workspace_id: &WorkspaceId, mode: Mode) -> String {
    match mode {
        Mode::Apply => workspace_id.to_string(),
        Mode::Preview => format!("{workspace_id}#preview"),
    }
}

fn run_item(workspace_id: &WorkspaceId, run: &Run, now: Timestamp) -> Result<Item, StoreError> {
    let mut item = to_item(run, "run")?;
    item.extend(run_key(workspace_id, &run.run_id, run.mode));
    let kept = match run.mode {
        Mode::Apply => HISTORY,
        Mode::Preview => PREVIEWS,
    };
    expire_at(&mut item, now + kept);
    Ok(item)
}

impl Store {
    /// Records the start of a run, unless it is recorded already.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn begin_run(
        &self,
        workspace_id: &WorkspaceId,
        run: &Run,
        now: Timestamp,
    ) -> Result<RunStart, StoreError> {
        let answer = self
            .db
            .put_item()
            .table_name(&self.tables.runs)
            .set_item(Some(run_item(workspace_id, run, now)?))
            .condition_expression("attribute_not_exists(pk)")
            .send()
            .await;
        if if_condition_held("PutItem", answer)?.is_some() {
            return Ok(RunStart::New);
        }
        let existing = self.run(workspace_id, &run.run_id, run.mode).await?;
        existing
            .map(|run| RunStart::Existing(Box::new(run)))
            .ok_or(StoreError::Conflict("the run is gone"))
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

    /// Returns a run; `None` if there is no such run.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn run(
        &self,
        workspace_id: &WorkspaceId,
        run_id: &RunId,
        mode: Mode,
    ) -> Result<Option<Run>, StoreError> {
        let key = run_key(workspace_id, run_id, mode);
        self.record(&self.tables.runs, key, "run").await
    }

    /// Returns the newest run of a workspace, under way or ended: the only one whose held deletions
    /// can be answered, besides the entries of days ([`Run::is_of_reported_people`]), which it leaves out.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn newest_run(&self, workspace_id: &WorkspaceId) -> Result<Option<Run>, StoreError> {
        // Between two runs there is an entry for each day at most.
        let newest = self.runs(workspace_id, None, LOOKED_THROUGH).await?;
        Ok(newest.into_iter().find(|run| !run.is_of_reported_people()))
    }

    /// Returns the newest preview of a workspace with the settings that were saved then, under way or ended; `None` if there was
    /// none for a week, or none among the last hundred.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn newest_preview(
        &self,
        workspace_id: &WorkspaceId,
    ) -> Result<Option<Run>, StoreError> {
        let previews = self.runs_of(workspace_id, Mode::Preview, None, PREVIEWS_A_DAY);
        let mut previews = previews.await?.into_iter();
        Ok(previews.find(|preview| preview.proposed.is_none()))
    }

    /// Returns at most `limit` runs of a workspace, newest first, of those before the run `before`.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn runs(
        &self,
        workspace_id: &WorkspaceId,
        before: Option<&RunId>,
        limit: i32,
    ) -> Result<Vec<Run>, StoreError> {
        self.runs_of(workspace_id, Mode::Apply, before, limit).await
    }

    async fn runs_of(
        &self,
        workspace_id: &WorkspaceId,
        mode: Mode,
        before: Option<&RunId>,
        limit: i32,
    ) -> Result<Vec<Run>, StoreError> {
        let query = self
            .db
            .query()
            .table_name(&self.tables.runs)
            .expression_attribute_values(":workspace", text(run_partition(workspace_id, mode)))
            .scan_index_forward(false)
            .limit(limit);
        let query = match before {
            None => query.key_condition_expression("pk = :workspace"),
            Some(before) => query
                .key_condition_expression("pk = :workspace AND sk < :before")
                .expression_attribute_values(":before", text(before.as_str())),
        };
        // Runs that held many deletions are long: a page of 1 MB may have fewer than `limit`.
        let mut items = query.into_paginator().items().send();
        let most = usize::try_from(limit).unwrap_or_default();
        let mut runs = Vec::new();
        while runs.len() < most
            && let Some(item) = items.next().await
        {
            let item = item.map_err(StoreError::from_sdk("Query"))?;
            runs.extend(readable(&item, "run"));
        }
        Ok(runs)
    }

    /// Returns those of the workspaces that have no run `run_id`, started or ended; a hundred a
    /// request.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn workspaces_without_run(
        &self,
        workspaces: &[WorkspaceId],
        run_id: &RunId,
    ) -> Result<Vec<WorkspaceId>, StoreError> {
        let keys: Vec<Item> = workspaces
            .iter()
            .map(|id| run_key(id, run_id, Mode::Apply))
            .collect();
        let found = self.batch_get(&self.tables.runs, &keys, Some("pk")).await?;
        let started: HashSet<&str> = found.iter().filter_map(|item| string(item, "pk")).collect();
        let mut without = workspaces.to_vec();
        without.retain(|id| !started.contains(id.as_str()));
        Ok(without)
    }

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
        update(if is_own && ended.is_of_reported_people() {
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

    /// Returns the update of a lease until `until`, in epoch milliseconds, as an item of a transaction, which is refused
    /// once another invocation has the lease.
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

    /// Removes the seed that the initial passwords of a run were derived from.
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
            .set_key(Some(run_key(workspace_id, run_id, Mode::Apply)))
            .update_expression("REMOVE password_seed")
            .condition_expression("attribute_exists(pk)")
            .send()
            .await
            .map_err(StoreError::from_sdk("UpdateItem"))?;
        Ok(())
    }
}
