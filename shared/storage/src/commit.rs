//! One change, or one step of a run, as one DynamoDB transaction: the users, who holds which
//! address and code, the seat count, the lease, the rows of the log and the intent to mail. All of
//! it happens or nothing does.

use aws_sdk_dynamodb::types::{
    Put, ReturnValuesOnConditionCheckFailure, TransactWriteItem, Update,
};
use domain::{User, WorkspaceId};
use jiff::{SignedDuration, Timestamp};

use crate::error::StoreError;
use crate::outbox::outbox_item;
use crate::run_rows::{RunRows, rows_item};
use crate::seats_and_lease::{Lease, lease_end, seats_and_lease_key};
use crate::store::{Store, number};
use crate::transact::Guarded;
use domain::OutboxMail;

/// How long a deleted user can be restored.
pub const RESTORABLE: SignedDuration = SignedDuration::from_hours(30 * 24);

/// How many items one transaction may have (DynamoDB's limit), less the gate and the log rows.
pub const MAX_TRANSACTION_ITEMS: usize = 98;

/// What a write does to the hashes that sign a user in.
#[derive(Clone, Debug, Default)]
pub struct HashChange {
    /// A new argon2id hash; the initial password and the invitation are used up with it.
    pub password_hash: Option<String>,
    /// The hash of a new initial password.
    pub initial_password_hash: Option<String>,
    /// The hash of a new invitation's secret.
    pub invitation_hash: Option<String>,
    /// Whether all sessions of the user end.
    pub end_sessions: bool,
}

/// What happens to one user.
#[derive(Clone, Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "most are changes; a box for each would cost more"
)]
pub enum UserWrite {
    /// A new user.
    Create {
        /// The user.
        after: User,
        /// Its hashes.
        hashes: HashChange,
    },
    /// Another state of a user, decided on `before`.
    Change {
        /// As it was read.
        before: User,
        /// As it is to be; its version is one more.
        after: User,
        /// Its hashes.
        hashes: HashChange,
    },
    /// The user goes, restorable for 30 days.
    Delete {
        /// As it was read.
        before: User,
    },
    /// A deleted user comes back, with the hashes that it had; its sessions do not.
    Restore {
        /// The user.
        after: User,
    },
}

impl UserWrite {
    /// `user` once more as they are: with it in the same transaction, the other writes happen only
    /// while nobody changed this user since they were read.
    pub fn as_it_is(user: &User) -> Self {
        let mut after = user.clone();
        after.version += 1;
        Self::Change {
            before: user.clone(),
            after,
            hashes: HashChange::default(),
        }
    }

    pub(crate) fn before(&self) -> Option<&User> {
        match self {
            Self::Create { .. } | Self::Restore { .. } => None,
            Self::Change { before, .. } | Self::Delete { before } => Some(before),
        }
    }

    pub(crate) fn after(&self) -> Option<&User> {
        match self {
            Self::Create { after, .. } | Self::Change { after, .. } | Self::Restore { after } => {
                Some(after)
            }
            Self::Delete { .. } => None,
        }
    }
}

/// The step of a run that a commit is.
#[derive(Clone, Debug)]
pub struct Step<'a> {
    /// Proof that the run may write.
    pub lease: &'a Lease,
    /// The rows that say what happened.
    pub rows: RunRows,
    /// People done, with this step.
    pub done: u32,
    /// People to do.
    pub total: u32,
}

/// What is written together.
#[derive(Clone, Debug, Default)]
pub struct Commit<'a> {
    /// Changes of users; together with `mails` at most [`MAX_TRANSACTION_ITEMS`] items.
    pub users: Vec<UserWrite>,
    /// Mails to be sent.
    pub mails: Vec<OutboxMail>,
    /// Set when a run writes.
    pub step: Option<Step<'a>>,
    /// The plan's number of users: additions are refused beyond it.
    pub seats: u32,
}

impl Store {
    /// Writes it all, or nothing.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when a user or an identifier changed since it was read,
    /// [`StoreError::Fenced`] when the lease is lost, [`StoreError::SeatsFull`],
    /// [`StoreError::Unavailable`] when it is unknown whether it was written.
    pub async fn commit(
        &self,
        workspace_id: &WorkspaceId,
        commit: &Commit<'_>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let gate = self.seats_and_lease_write(workspace_id, commit, now)?;
        let guarded = match (&gate, &commit.step) {
            (None, _) => Guarded::No,
            (Some(_), None) => Guarded::BySeats,
            (Some(_), Some(step)) => Guarded::ByLease(step.lease.fence),
        };
        let mut items: Vec<TransactWriteItem> = gate.into_iter().collect();
        let leavers = self.leavers(workspace_id, &commit.users).await?;
        for write in &commit.users {
            items.extend(self.user_writes(workspace_id, write, &leavers, now).await?);
        }
        items.extend(self.identifier_writes(workspace_id, &commit.users)?);
        for mail in &commit.mails {
            let put = Put::builder()
                .table_name(&self.tables.outbox)
                .set_item(Some(outbox_item(workspace_id, mail)?));
            items.push(put_item(put)?);
        }
        if let Some(step) = &commit.step {
            let put = Put::builder()
                .table_name(&self.tables.runs)
                .set_item(Some(rows_item(workspace_id, step, now)?));
            items.push(put_item(put)?);
        }
        self.transact(items, guarded).await
    }

    fn seats_and_lease_write(
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
        let mut update = Update::builder()
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
            update = update.expression_attribute_values(":most", number(most));
        }
        let mut expression = "ADD #users :more".to_owned();
        if more != 0 {
            expression.push_str(", moves :one");
            update = update.expression_attribute_values(":one", number(1));
        }
        if let Some(step) = &commit.step {
            conditions.push("fence = :fence");
            expression.push_str(" SET held_until = :until, #done = :done, #total = :total");
            update = update
                .expression_attribute_names("#done", "done")
                .expression_attribute_names("#total", "total")
                .expression_attribute_values(":fence", number(step.lease.fence))
                .expression_attribute_values(":until", number(lease_end(now)))
                .expression_attribute_values(":done", number(step.done))
                .expression_attribute_values(":total", number(step.total));
        }
        update = update.update_expression(expression);
        if !conditions.is_empty() {
            update = update.condition_expression(conditions.join(" AND "));
        }
        let update = update.build().map_err(invalid_request)?;
        Ok(Some(TransactWriteItem::builder().update(update).build()))
    }
}

pub(crate) fn put_item(
    builder: aws_sdk_dynamodb::types::builders::PutBuilder,
) -> Result<TransactWriteItem, StoreError> {
    let put = builder.build().map_err(invalid_request)?;
    Ok(TransactWriteItem::builder().put(put).build())
}

pub(crate) fn delete_item(
    builder: aws_sdk_dynamodb::types::builders::DeleteBuilder,
) -> Result<TransactWriteItem, StoreError> {
    let delete = builder.build().map_err(invalid_request)?;
    Ok(TransactWriteItem::builder().delete(delete).build())
}

pub(crate) fn invalid_request(error: impl std::fmt::Display) -> StoreError {
    StoreError::Corrupt {
        what: "write",
        why: error.to_string(),
    }
}
