//! Seats and lease of a workspace, in the table `workspaces`: one item that every step of a run and
//! every change of the number of users goes through. It counts the users against the plan's seats, and
//! holds the lease that lets one run at a time write.
//!
//! `pk` = workspace id, `sk` = "gate".
//!
//! | attribute | meaning |
//! |---|---|
//! | `users` | the number of users |
//! | `moves` | grows whenever `users` changes |
//! | `users_version` | see [`users_version`](crate::users_version) |
//! | `holder` | the run that has, or had, the lease |
//! | `held_until` | the end of the lease, in epoch milliseconds; 0 when it was released |
//! | `fence` | grows whenever another invocation gets the lease; a write that names an old fence is refused |
//! | `unended` | the runs that had the lease and have not ended |
//! | `passed_to` | the number of the continuation that the lease is kept for |
//! | `deletions` | how many people runs deleted within 24 hours without an admin's answer |
//! | `by_day` | how many people immediate runs changed since the last night |
//! | `done`, `total` | how many people the present run has changed, and has to change |

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::operation::update_item::{UpdateItemError, UpdateItemOutput};
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue};
use domain::{CountedDeletions, RunId, WorkspaceId};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::error::{StoreError, if_condition_held};
use crate::store::{Item, Store, from_item, key, number, text};

/// How long a lease lasts. Every step of a run renews it.
pub const LEASE: SignedDuration = SignedDuration::from_secs(60);

/// Proof that a run may write, until another invocation has the lease.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// The run that may write.
    pub run_id: RunId,
    /// The fence that its writes name.
    pub fence: u64,
}

/// A lease that was acquired, and the state of the workspace at that time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AcquiredLease {
    /// The lease, which the run's writes name.
    pub lease: Lease,
    /// Other runs that had it before and never ended.
    pub unended: Vec<RunId>,
    /// The number of users at that time.
    pub counted: UserCount,
    /// The deletions of the last 24 hours.
    pub deletions: CountedDeletions,
    /// How many people immediate runs changed since the last night.
    pub changed_by_day: u32,
}

/// The number of users as counted when a lease was acquired.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UserCount {
    /// The number of users, invited ones included.
    pub users: u32,
    /// The item's `moves`. Another value in the item means that users were added or removed since.
    pub(crate) moves: u64,
}

/// Seats and lease, as read by others than the run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeatsAndLease {
    /// How many users the workspace has, invited ones included.
    #[serde(default)]
    pub users: u32,
    /// The run that has, or had, the lease.
    #[serde(default)]
    pub holder: Option<RunId>,
    /// The end of the lease, in epoch milliseconds; 0 when it was released, `None` when no run ever
    /// had it.
    #[serde(default)]
    pub held_until: Option<i64>,
    /// The runs that had the lease and have not ended.
    #[serde(default)]
    pub unended: Vec<RunId>,
    /// The number of people that the present run has changed.
    #[serde(default)]
    pub done: u32,
    /// The number of people that the present run has to change.
    #[serde(default)]
    pub total: u32,
    /// The deletions of the last 24 hours.
    #[serde(default)]
    pub deletions: CountedDeletions,
}

impl SeatsAndLease {
    /// Returns the run that is under way at `now`, if any.
    pub fn running(&self, now: Timestamp) -> Option<&RunId> {
        self.held_until
            .filter(|until| *until > now.as_millisecond())
            .and(self.holder.as_ref())
    }
}

pub(crate) fn seats_and_lease_key(id: &WorkspaceId) -> Item {
    key([("pk", id.as_str()), ("sk", "gate")])
}

/// Returns the end of a lease that is acquired or renewed at `now`, in epoch milliseconds.
pub(crate) fn lease_end(now: Timestamp) -> i64 {
    now.as_millisecond() + i64::try_from(LEASE.as_millis()).unwrap_or(i64::MAX)
}

impl Store {
    /// Returns seats and lease; the default for a workspace that never had a user or a run.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn seats_and_lease(&self, id: &WorkspaceId) -> Result<SeatsAndLease, StoreError> {
        let key = seats_and_lease_key(id);
        let found = self
            .record(&self.tables.workspaces, key, "seats and lease")
            .await?;
        Ok(found.unwrap_or_default())
    }

    /// Acquires the lease for a run; `None` while another invocation has it. `continuation` is the
    /// number of invocations of this run before the present one: the one that the lease was handed
    /// over to acquires it at once.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn acquire_lease(
        &self,
        id: &WorkspaceId,
        run_id: &RunId,
        continuation: u32,
        now: Timestamp,
    ) -> Result<Option<AcquiredLease>, StoreError> {
        let answer = self
            .db
            .update_item()
            .table_name(&self.tables.workspaces)
            .set_key(Some(seats_and_lease_key(id)))
            .update_expression(
                "SET holder = :run, held_until = :until, #done = :zero, #total = :zero \
                 REMOVE passed_to ADD fence :one, unended :runs",
            )
            .condition_expression(
                "attribute_not_exists(held_until) OR held_until <= :now \
                 OR (holder = :run AND passed_to = :continuation)",
            )
            .expression_attribute_names("#done", "done")
            .expression_attribute_names("#total", "total")
            .expression_attribute_values(":run", text(run_id.as_str()))
            .expression_attribute_values(":runs", AttributeValue::Ss(vec![run_id.to_string()]))
            .expression_attribute_values(":continuation", number(continuation))
            .expression_attribute_values(":until", number(lease_end(now)))
            .expression_attribute_values(":now", number(now.as_millisecond()))
            .expression_attribute_values(":zero", number(0))
            .expression_attribute_values(":one", number(1))
            .return_values(ReturnValue::AllOld)
            .send()
            .await;
        let Some(acquired) = if_condition_held("UpdateItem", answer)? else {
            return Ok(None);
        };
        let before = acquired.attributes.unwrap_or_default();
        let number_of = |name: &str| -> u64 {
            before
                .get(name)
                .and_then(|number| number.as_n().ok()?.parse().ok())
                .unwrap_or_default()
        };
        let SeatsAndLease { deletions, .. } = from_item(before.clone(), "seats and lease")?;
        let unended = before.get("unended").and_then(|runs| runs.as_ss().ok());
        let others = unended.into_iter().flatten().map(RunId::new);
        Ok(Some(AcquiredLease {
            lease: Lease {
                run_id: run_id.clone(),
                fence: number_of("fence") + 1,
            },
            unended: others.filter(|other| other != run_id).collect(),
            counted: UserCount {
                users: u32::try_from(number_of("users")).unwrap_or(u32::MAX),
                moves: number_of("moves"),
            },
            deletions,
            changed_by_day: u32::try_from(number_of("by_day")).unwrap_or(u32::MAX),
        }))
    }

    /// Renews the lease of a run that waits long without writing.
    ///
    /// # Errors
    /// [`StoreError::Fenced`] when another invocation has it.
    pub async fn renew_lease(
        &self,
        id: &WorkspaceId,
        lease: &Lease,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let update = self
            .lease_update(id, lease, lease_end(now))
            .update_expression("SET held_until = :until")
            // A run that has just ended has no lease.
            .condition_expression("fence = :fence AND holder = :run")
            .expression_attribute_values(":run", text(lease.run_id.as_str()));
        fenced(update.send().await)
    }

    /// Takes the lease from the run that has it, whose writes are refused from now on. Returns the runs
    /// that have not ended.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn revoke_lease(&self, id: &WorkspaceId) -> Result<Vec<RunId>, StoreError> {
        let revoked = self
            .db
            .update_item()
            .table_name(&self.tables.workspaces)
            .set_key(Some(seats_and_lease_key(id)))
            .update_expression("SET held_until = :over REMOVE passed_to ADD fence :one")
            .expression_attribute_values(":over", number(0))
            .expression_attribute_values(":one", number(1))
            .return_values(ReturnValue::AllNew)
            .send()
            .await
            .map_err(StoreError::from_sdk("UpdateItem"))?;
        let after: SeatsAndLease =
            from_item(revoked.attributes.unwrap_or_default(), "seats and lease")?;
        Ok(after.unended)
    }

    /// Releases the lease, so that the next invocation need not wait for its end. `ended` are runs that
    /// had the lease and are known to have ended.
    ///
    /// # Errors
    /// [`StoreError::Fenced`] when another invocation has it.
    pub async fn release_lease(
        &self,
        id: &WorkspaceId,
        lease: &Lease,
        ended: &[RunId],
    ) -> Result<(), StoreError> {
        let update = self.lease_update(id, lease, 0);
        let update = if ended.is_empty() {
            update.update_expression("SET held_until = :until")
        } else {
            let ended = ended.iter().map(ToString::to_string).collect();
            update
                .update_expression("SET held_until = :until DELETE unended :ended")
                .expression_attribute_values(":ended", AttributeValue::Ss(ended))
        };
        fenced(update.send().await)
    }

    /// Renews the lease for the run's next continuation, which alone can acquire it before it ends.
    ///
    /// # Errors
    /// [`StoreError::Fenced`] when another invocation has it.
    pub async fn hand_over_lease(
        &self,
        id: &WorkspaceId,
        lease: &Lease,
        continuation: u32,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let update = self
            .lease_update(id, lease, lease_end(now))
            .update_expression("SET held_until = :until, passed_to = :continuation")
            .expression_attribute_values(":continuation", number(continuation));
        fenced(update.send().await)
    }

    /// Corrects the number of users to `found`, which were counted in the table. If it stayed wrong,
    /// seats that are free would be refused. Does nothing when users were added or removed since
    /// `counted`: a later run checks again.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn correct_user_count(
        &self,
        id: &WorkspaceId,
        lease: &Lease,
        counted: UserCount,
        found: usize,
    ) -> Result<(), StoreError> {
        let mut update = self
            .db
            .update_item()
            .table_name(&self.tables.workspaces)
            .set_key(Some(seats_and_lease_key(id)))
            .update_expression("SET #users = :found")
            .expression_attribute_names("#users", "users")
            .expression_attribute_values(":found", number(found))
            .expression_attribute_values(":fence", number(lease.fence));
        update = if counted.moves == 0 {
            update.condition_expression("fence = :fence AND attribute_not_exists(moves)")
        } else {
            update
                .condition_expression("fence = :fence AND moves = :moves")
                .expression_attribute_values(":moves", number(counted.moves))
        };
        if if_condition_held("UpdateItem", update.send().await)?.is_some() {
            tracing::warn!(%id, counted = counted.users, found, "the users were miscounted");
        }
        Ok(())
    }

    fn lease_update(&self, id: &WorkspaceId, lease: &Lease, end: i64) -> UpdateItemFluentBuilder {
        self.db
            .update_item()
            .table_name(&self.tables.workspaces)
            .set_key(Some(seats_and_lease_key(id)))
            .condition_expression("fence = :fence")
            .expression_attribute_values(":until", number(end))
            .expression_attribute_values(":fence", number(lease.fence))
    }
}

/// Returns what an update means whose condition is the fence.
fn fenced(answer: Result<UpdateItemOutput, SdkError<UpdateItemError>>) -> Result<(), StoreError> {
    if_condition_held("UpdateItem", answer)?
        .map(|_| ())
        .ok_or(StoreError::Fenced)
}
