//! One change, or one step of a run, as one DynamoDB transaction: the users, who holds which
//! address and code, the seat count, the lease, the rows of the log and the intent to mail. All of
//! it happens or nothing does.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::{
    Delete, Put, ReturnValuesOnConditionCheckFailure, TransactWriteItem, Update,
};
use directory::{Identifier, User, UserId, WorkspaceId, identifiers_of};
use jiff::{SignedDuration, Timestamp};

use crate::error::StoreError;
use crate::gate::{Lease, gate_key, lease_end};
use crate::outbox::{OutboxMail, outbox_item};
use crate::runs::{RunRows, rows_item};
use crate::store::{Store, from_item, number, text, to_item};
use crate::transact::Guarded;
use crate::users::{Hashes, deleted_partition, identifier_key, user_key};

/// How long a deleted user can be restored.
pub const RESTORABLE: SignedDuration = SignedDuration::from_hours(30 * 24);

/// How many items one transaction may have (DynamoDB's limit), less the gate and the log rows.
pub const MOST_ITEMS: usize = 98;

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
    fn before(&self) -> Option<&User> {
        match self {
            Self::Create { .. } | Self::Restore { .. } => None,
            Self::Change { before, .. } | Self::Delete { before } => Some(before),
        }
    }

    fn after(&self) -> Option<&User> {
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
    /// Changes of users; together with `mails` at most [`MOST_ITEMS`] items.
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
        let gate = self.gate_write(workspace_id, commit, now)?;
        let guarded = match (&gate, &commit.step) {
            (None, _) => Guarded::No,
            (Some(_), None) => Guarded::BySeats,
            (Some(_), Some(step)) => Guarded::ByLease(step.lease.fence),
        };
        let mut items: Vec<TransactWriteItem> = gate.into_iter().collect();
        for write in &commit.users {
            items.extend(self.user_writes(workspace_id, write, now).await?);
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

    fn gate_write(
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
            .set_key(Some(gate_key(workspace_id)))
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
        let update = update.build().map_err(unbuildable)?;
        Ok(Some(TransactWriteItem::builder().update(update).build()))
    }

    async fn user_writes(
        &self,
        workspace_id: &WorkspaceId,
        write: &UserWrite,
        now: Timestamp,
    ) -> Result<Vec<TransactWriteItem>, StoreError> {
        match write {
            UserWrite::Create { after, hashes } => {
                let mut item = to_item(after, "user")?;
                item.insert("workspace_id".into(), text(workspace_id.as_str()));
                item.insert("session_epoch".into(), number(0));
                for (name, hash) in hash_attributes(hashes) {
                    item.extend(hash.map(|hash| (name.to_owned(), text(hash))));
                }
                let put = Put::builder()
                    .table_name(&self.tables.users)
                    .set_item(Some(item))
                    .condition_expression("attribute_not_exists(user_id)");
                Ok(vec![put_item(put)?])
            }
            UserWrite::Change {
                before,
                after,
                hashes,
            } => Ok(vec![self.user_update(
                workspace_id,
                before,
                after,
                hashes,
            )?]),
            UserWrite::Delete { before } => self.user_removal(workspace_id, before, now).await,
            UserWrite::Restore { after } => self.user_restoration(workspace_id, after).await,
        }
    }

    /// An update of everything but the hashes, which it leaves as they are unless told.
    fn user_update(
        &self,
        workspace_id: &WorkspaceId,
        before: &User,
        after: &User,
        hashes: &HashChange,
    ) -> Result<TransactWriteItem, StoreError> {
        let mut update = Update::builder()
            .table_name(&self.tables.users)
            .set_key(Some(user_key(workspace_id.as_str(), &after.user_id)))
            .condition_expression("version = :seen")
            .expression_attribute_values(":seen", number(before.version));
        let mut item = to_item(after, "user")?;
        item.remove("user_id");
        let (mut set, mut remove) = (Vec::new(), Vec::new());
        for (index, (name, value)) in item.into_iter().enumerate() {
            set.push(format!("#s{index} = :s{index}"));
            update = update
                .expression_attribute_names(format!("#s{index}"), name)
                .expression_attribute_values(format!(":s{index}"), value);
        }
        let absent = [
            ("email", after.email.is_none()),
            ("code", after.code.is_none()),
            ("link", after.link.is_none()),
            ("synced_group", after.synced_group.is_none()),
            ("invitation", after.invitation.is_none()),
            (
                "invitation_hash",
                after.invitation.is_none() && hashes.invitation_hash.is_none(),
            ),
            ("initial_password_hash", hashes.password_hash.is_some()),
        ];
        remove.extend(
            absent
                .iter()
                .filter(|(_, gone)| *gone)
                .map(|(name, _)| *name),
        );
        for (name, hash) in hash_attributes(hashes) {
            if let Some(hash) = hash {
                set.push(format!("{name} = :{name}"));
                update = update.expression_attribute_values(format!(":{name}"), text(hash));
            }
        }
        let mut expression = format!("SET {}", set.join(", "));
        if !remove.is_empty() {
            expression.push_str(" REMOVE ");
            expression.push_str(&remove.join(", "));
        }
        if hashes.end_sessions {
            expression.push_str(" ADD session_epoch :one");
            update = update.expression_attribute_values(":one", number(1));
        }
        let update = update
            .update_expression(expression)
            .build()
            .map_err(unbuildable)?;
        Ok(TransactWriteItem::builder().update(update).build())
    }

    /// The user goes, and a copy with its hashes stays where it can be restored from.
    async fn user_removal(
        &self,
        workspace_id: &WorkspaceId,
        before: &User,
        now: Timestamp,
    ) -> Result<Vec<TransactWriteItem>, StoreError> {
        let mut copy = self
            .raw_user(workspace_id.as_str(), &before.user_id)
            .await?
            .ok_or(StoreError::Conflict("the user is gone already"))?;
        copy.insert("workspace_id".into(), text(deleted_partition(workspace_id)));
        copy.insert("deleted_at".into(), text(now.to_string()));
        copy.insert("ttl".into(), number(now.as_second() + RESTORABLE.as_secs()));
        for dead in ["invitation", "invitation_hash"] {
            copy.remove(dead);
        }
        let put = Put::builder()
            .table_name(&self.tables.users)
            .set_item(Some(copy));
        let delete = Delete::builder()
            .table_name(&self.tables.users)
            .set_key(Some(user_key(workspace_id.as_str(), &before.user_id)))
            .condition_expression("version = :seen")
            .expression_attribute_values(":seen", number(before.version))
            .build()
            .map_err(unbuildable)?;
        Ok(vec![
            put_item(put)?,
            TransactWriteItem::builder().delete(delete).build(),
        ])
    }

    /// The copy goes, and the user is back with the hashes of the copy.
    async fn user_restoration(
        &self,
        workspace_id: &WorkspaceId,
        after: &User,
    ) -> Result<Vec<TransactWriteItem>, StoreError> {
        const GONE: StoreError = StoreError::Conflict("the deleted user is gone");
        let partition = deleted_partition(workspace_id);
        let copy = self
            .raw_user(&partition, &after.user_id)
            .await?
            .ok_or(GONE)?;
        let hashes: Hashes = from_item(copy, "hashes")?;
        let mut item = to_item(after, "user")?;
        item.insert("workspace_id".into(), text(workspace_id.as_str()));
        item.insert("session_epoch".into(), number(hashes.session_epoch + 1));
        for (name, hash) in [
            ("password_hash", hashes.password_hash),
            ("initial_password_hash", hashes.initial_password_hash),
        ] {
            item.extend(hash.map(|hash| (name.to_owned(), text(hash))));
        }
        let put = Put::builder()
            .table_name(&self.tables.users)
            .set_item(Some(item))
            .condition_expression("attribute_not_exists(user_id)");
        let delete = Delete::builder()
            .table_name(&self.tables.users)
            .set_key(Some(user_key(&partition, &after.user_id)))
            .condition_expression("attribute_exists(user_id)")
            .build()
            .map_err(unbuildable)?;
        Ok(vec![
            put_item(put)?,
            TransactWriteItem::builder().delete(delete).build(),
        ])
    }

    /// Gives up and takes addresses and codes. What one gives up and another takes in the same
    /// write is one item: the new holder replaces the old one.
    fn identifier_writes(
        &self,
        workspace_id: &WorkspaceId,
        writes: &[UserWrite],
    ) -> Result<Vec<TransactWriteItem>, StoreError> {
        let mut given_up: BTreeMap<Identifier, &UserId> = BTreeMap::new();
        let mut taken: BTreeMap<Identifier, &UserId> = BTreeMap::new();
        for write in writes {
            if let Some(before) = write.before() {
                given_up.extend(identifiers_of(before).map(|it| (it, &before.user_id)));
            }
            if let Some(after) = write.after() {
                taken.extend(identifiers_of(after).map(|it| (it, &after.user_id)));
            }
        }
        let mut items = Vec::new();
        for (identifier, user_id) in &taken {
            let holder = given_up.remove(identifier);
            if holder == Some(*user_id) {
                continue;
            }
            let mut item = identifier_key(workspace_id, identifier);
            item.insert("user_id".into(), text(user_id.as_str()));
            let put = Put::builder()
                .table_name(&self.tables.identifiers)
                .set_item(Some(item));
            let put = match holder {
                None => put.condition_expression("attribute_not_exists(identifier)"),
                Some(holder) => put
                    .condition_expression("user_id = :holder")
                    .expression_attribute_values(":holder", text(holder.as_str())),
            };
            items.push(put_item(put)?);
        }
        for (identifier, holder) in given_up {
            let delete = Delete::builder()
                .table_name(&self.tables.identifiers)
                .set_key(Some(identifier_key(workspace_id, &identifier)))
                .condition_expression("attribute_not_exists(identifier) OR user_id = :holder")
                .expression_attribute_values(":holder", text(holder.as_str()))
                .build()
                .map_err(unbuildable)?;
            items.push(TransactWriteItem::builder().delete(delete).build());
        }
        Ok(items)
    }
}

fn hash_attributes(hashes: &HashChange) -> [(&'static str, Option<&str>); 3] {
    [
        ("password_hash", hashes.password_hash.as_deref()),
        (
            "initial_password_hash",
            hashes.initial_password_hash.as_deref(),
        ),
        ("invitation_hash", hashes.invitation_hash.as_deref()),
    ]
}

pub(crate) fn put_item(
    builder: aws_sdk_dynamodb::types::builders::PutBuilder,
) -> Result<TransactWriteItem, StoreError> {
    let put = builder.build().map_err(unbuildable)?;
    Ok(TransactWriteItem::builder().put(put).build())
}

pub(crate) fn unbuildable(error: impl std::fmt::Display) -> StoreError {
    StoreError::Corrupt {
        what: "write",
        why: error.to_string(),
    }
}
