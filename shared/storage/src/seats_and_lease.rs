//! The gate of a workspace: one item through which every change of its users goes. It counts the
//! users against the plan's seats, and holds the lease that makes a run single.
//!
//! `pk` = workspace id, `sk` = "gate". `users` counts the users; `fence` grows whenever the lease
//! changes hands, and a write that names an old fence is refused, so a stale holder that wakes up
//! cannot write. `moves` grows whenever `users` changes. `unended` are the runs that took the lease
//! and have not ended, `passed_to` is the continuation that the lease is kept for.

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::operation::update_item::{UpdateItemError, UpdateItemOutput};
use aws_sdk_dynamodb::types::AttributeValue;
use domain::{RunId, WorkspaceId};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::correct_user_count::UserCount;
use crate::error::StoreError;
use crate::store::{Item, Store, from_item, number, text};

/// How long a lease holds without being renewed. Every step of a run renews it.
pub const LEASE: SignedDuration = SignedDuration::from_secs(60);

/// Proof that a run may write, until somebody else has the lease.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// Which run.
    pub run_id: RunId,
    /// The number that writes name.
    pub fence: u64,
}

/// A lease that was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AcquiredLease {
    /// The lease.
    pub lease: Lease,
    /// Other runs that held it before and never ended.
    pub unended: Vec<RunId>,
    /// The users by then.
    pub counted: UserCount,
}

/// What the gate says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeatsAndLease {
    /// How many users the workspace has, invited ones included.
    #[serde(default)]
    pub users: u32,
    /// The run that holds, or held, the lease.
    #[serde(default)]
    pub holder: Option<RunId>,
    /// When the lease ends, in epoch milliseconds.
    #[serde(default)]
    pub held_until: Option<i64>,
    /// The runs that took the lease and have not ended.
    #[serde(default)]
    pub unended: Vec<RunId>,
    /// People done in the present run.
    #[serde(default)]
    pub done: u32,
    /// People to do in the present run.
    #[serde(default)]
    pub total: u32,
}

impl SeatsAndLease {
    /// The run that is under way at `now`, if any.
    pub fn running(&self, now: Timestamp) -> Option<&RunId> {
        self.held_until
            .filter(|until| *until > now.as_millisecond())
            .and(self.holder.as_ref())
    }
}

pub(crate) fn seats_and_lease_key(id: &WorkspaceId) -> Item {
    Item::from([
        ("pk".into(), text(id.as_str())),
        ("sk".into(), text("gate")),
    ])
}

/// When a lease that is taken or renewed at `now` ends, in epoch milliseconds.
pub(crate) fn lease_end(now: Timestamp) -> i64 {
    now.as_millisecond() + i64::try_from(LEASE.as_millis()).unwrap_or(i64::MAX)
}

impl Store {
    /// What the gate says; a workspace without one has no users.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn seats_and_lease(&self, id: &WorkspaceId) -> Result<SeatsAndLease, StoreError> {
        let gate = self
            .item(
                &self.tables.workspaces,
                [("pk", id.as_str()), ("sk", "gate")],
                "gate",
            )
            .await?;
        Ok(gate.unwrap_or_default())
    }

    /// Takes the lease for a run; `None` while a run holds it. `continuation` counts the invocations
    /// of the run before this one: one that the lease was passed on to takes it at once.
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
            .return_values(aws_sdk_dynamodb::types::ReturnValue::AllOld)
            .send()
            .await
            .map_err(StoreError::from_sdk("UpdateItem"));
        let before = match answer {
            Ok(answer) => answer.attributes.unwrap_or_default(),
            Err(error) if error.is_condition() => return Ok(None),
            Err(error) => return Err(error),
        };
        let number_of = |name: &str| -> u64 {
            before
                .get(name)
                .and_then(|number| number.as_n().ok()?.parse().ok())
                .unwrap_or_default()
        };
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
        }))
    }

    /// Renews the lease, where a run waits long without writing.
    ///
    /// # Errors
    /// [`StoreError::Fenced`] when the lease went to somebody else.
    pub async fn renew_lease(
        &self,
        id: &WorkspaceId,
        lease: &Lease,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let update = self
            .lease_update(id, lease, lease_end(now))
            .update_expression("SET held_until = :until")
            // A run that has just ended holds no lease any more.
            .condition_expression("fence = :fence AND holder = :run")
            .expression_attribute_values(":run", text(lease.run_id.as_str()));
        fenced(update.send().await)
    }

    /// Takes the lease from whichever run holds it: what it writes from now on is refused. Gives
    /// the runs that did not end.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn revoke_lease(&self, id: &WorkspaceId) -> Result<Vec<RunId>, StoreError> {
        let broken = self
            .db
            .update_item()
            .table_name(&self.tables.workspaces)
            .set_key(Some(seats_and_lease_key(id)))
            .update_expression("SET held_until = :over REMOVE passed_to ADD fence :one")
            .expression_attribute_values(":over", number(0))
            .expression_attribute_values(":one", number(1))
            .return_values(aws_sdk_dynamodb::types::ReturnValue::AllNew)
            .send()
            .await
            .map_err(StoreError::from_sdk("UpdateItem"))?;
        let gate: SeatsAndLease = from_item(broken.attributes.unwrap_or_default(), "gate")?;
        Ok(gate.unended)
    }

    /// Gives the lease back, so that the next invocation need not wait for it to end. `over` are
    /// runs that took the lease and are known to have ended.
    ///
    /// # Errors
    /// [`StoreError::Fenced`] when it went to somebody else already.
    pub async fn release_lease(
        &self,
        id: &WorkspaceId,
        lease: &Lease,
        over: &[RunId],
    ) -> Result<(), StoreError> {
        let update = self.lease_update(id, lease, 0);
        let update = if over.is_empty() {
            update.update_expression("SET held_until = :until")
        } else {
            let over = over.iter().map(ToString::to_string).collect();
            update
                .update_expression("SET held_until = :until DELETE unended :over")
                .expression_attribute_values(":over", AttributeValue::Ss(over))
        };
        fenced(update.send().await)
    }

    /// Keeps the lease, for as long as a lease holds, for the run's next continuation and nobody
    /// else.
    ///
    /// # Errors
    /// [`StoreError::Fenced`] when it went to somebody else already.
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

/// What an update of the lease came to, whose condition is its fence.
fn fenced(update: Result<UpdateItemOutput, SdkError<UpdateItemError>>) -> Result<(), StoreError> {
    match update.map_err(StoreError::from_sdk("UpdateItem")) {
        Ok(_) => Ok(()),
        Err(error) if error.is_condition() => Err(StoreError::Fenced),
        Err(error) => Err(error),
    }
}
