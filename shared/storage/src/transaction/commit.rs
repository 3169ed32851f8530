//! The writes of one transaction, and [`Store::commit`].

use domain::report::Row;
use domain::{AuditEvent, CountedDeletions, OutboxMail, UserId, WorkspaceId};
use jiff::Timestamp;

use crate::error::StoreError;
use crate::password_issues::IssueWrite;
use crate::seats_and_lease::Lease;
use crate::second_factors::SecondFactorChange;
use crate::store::Store;
use crate::transaction::{FirstItem, UserWrite};
use crate::user_imports::ImportStep;

/// The most items that users and mails of one transaction may have: DynamoDB's limit of 100, less
/// seats and lease, and the rows of the log.
pub const MAX_TRANSACTION_ITEMS: usize = 98;

/// One step of a run, and its progress.
#[derive(Clone, Debug)]
pub struct Step<'a> {
    /// Proof that the run may write.
    pub lease: &'a Lease,
    /// The rows of the log for the people of this step, one each.
    pub rows: Vec<Row>,
    /// How many people were handled before this step, counted over all plans made under the lease.
    pub people_before: u32,
    /// How many people the run has to change.
    pub total: u32,
    /// The deletions of the last 24 hours with those of this step; `None` if it has none.
    pub deletions: Option<CountedDeletions>,
    /// How many people the step of an immediate run changes; 0 for other runs.
    pub changed_by_day: u32,
}

/// The writes of one transaction.
#[derive(Clone, Debug, Default)]
pub struct Commit<'a> {
    /// Changes of users; together with `mails` at most [`MAX_TRANSACTION_ITEMS`] items.
    pub users: Vec<UserWrite>,
    /// Changes of users' second factors.
    pub second_factors: Vec<(UserId, SecondFactorChange)>,
    /// The mails to be sent, written to the outbox.
    pub mails: Vec<OutboxMail>,
    /// What the audit trail says about it: nothing for a run, whose sync log does.
    pub audit: Vec<AuditEvent>,
    /// What the initial passwords of this change, and of later ones, are derived from, and who gets them.
    pub password_issue: Option<IssueWrite>,
    /// The step of an import that this is; `None` when it is none.
    pub import: Option<ImportStep>,
    /// The step of a run that this is; `None` when a person changes users.
    pub step: Option<Step<'a>>,
    /// The number of users that the plan allows. Additions beyond it are refused.
    pub seats: u32,
}

impl Store {
    /// Writes everything, or nothing. The second factors of deleted users are deleted afterwards.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when a user or an identifier changed since it was read,
    /// [`StoreError::Fenced`] when another run has the lease, [`StoreError::SeatsFull`],
    /// [`StoreError::Unavailable`] when it is unknown whether it was written.
    pub async fn commit(
        &self,
        workspace_id: &WorkspaceId,
        commit: &Commit<'_>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut items = Vec::new();
        let mut first = FirstItem::Other;
        if let Some(item) = self.seats_and_lease_item(workspace_id, commit, now)? {
            items.push(item);
            first = match &commit.step {
                None => FirstItem::Seats,
                Some(step) => FirstItem::SeatsAndLease(step.lease.fence),
            };
        } else if !commit.users.is_empty() {
            items.push(self.edit_item(workspace_id)?);
        }
        let stored = self.items_to_delete(workspace_id, &commit.users).await?;
        for write in &commit.users {
            items.extend(self.user_items(workspace_id, write, &stored, now).await?);
        }
        items.extend(self.admin_items(workspace_id, &commit.users)?);
        let by_the_sync = commit.step.is_some();
        items.extend(self.identifier_items(workspace_id, &commit.users, by_the_sync)?);
        for (user_id, change) in &commit.second_factors {
            items.push(self.second_factor_item(workspace_id, user_id, change)?);
        }
        for mail in &commit.mails {
            items.push(self.outbox_item(workspace_id, mail)?);
        }
        if let Some(issue) = &commit.password_issue {
            items.push(self.issue_item(workspace_id, issue)?);
        }
        if let Some(step) = &commit.import {
            items.push(self.import_step_item(workspace_id, step)?);
        }
        for event in &commit.audit {
            items.push(self.audit_item(workspace_id, event)?);
        }
        if let Some(step) = &commit.step {
            items.push(self.rows_item(workspace_id, step, now)?);
        }
        self.execute(items, first).await?;
        for write in &commit.users {
            if let UserWrite::Delete { before } = write {
                // Boxed: it is rare, and would make the future of every write larger.
                Box::pin(self.delete_second_factors(workspace_id, &before.user_id)).await?;
            }
        }
        Ok(())
    }
}
