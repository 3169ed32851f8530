//! The work of a run: reads, plans and applies; plans again after a conflicting write.

use std::mem::take;
use std::time::Duration;

use credentials::{CredentialSeed, DerivationKeys};
use domain::{
    AccountAnswer, Connection, CountedDeletions, Employee, PlanInput, PlanScope, Run, RunFailure,
    Trigger, Workspace, WorkspaceId, plan,
};
use jiff::Timestamp;
use storage::StoreError;
use storage::seats_and_lease::AcquiredLease;
use storage::users::StoredUsers;
use tokio::time::Instant;

use crate::apply::{AppliedSteps, Applier, ApplyOutcome};
use crate::continuation::last_step;
use crate::plan_input::{ReadPeople, plan_input};
use crate::report::Report;
use crate::run::{RunError, Runner};
use crate::work_error::WorkError;

/// The most times that a run plans, because another write changed a user or AWS did not answer.
const MAX_ATTEMPTS: u32 = 5;

/// The result of the work on a run.
pub(crate) enum WorkOutcome {
    /// The run's work is done, and the run ends with this report.
    Finished(Box<Report>),
    /// The time ran out; a further invocation continues the run.
    OutOfTime,
}

/// A run that has its workspace's lease.
pub(crate) struct RunWithLease<'a> {
    pub(crate) run: &'a Run,
    pub(crate) workspace: &'a Workspace,
    pub(crate) connection: Option<&'a Connection>,
    pub(crate) acquired: &'a AcquiredLease,
    /// Whom the run looks at.
    pub(crate) scope: PlanScope<'a>,
    /// The time from which what the run issues counts: its start, or that of the batch of an immediate run.
    pub(crate) at: Timestamp,
    /// The time at which Lambda ends the invocation.
    pub(crate) deadline: Instant,
}

impl Runner {
    /// Does the work of the run, as far as the time allows, and records in `applied` what was written.
    ///
    /// # Errors
    /// [`RunError`] when the run cannot continue; applied steps stay applied.
    pub(crate) async fn work(
        &self,
        run: &RunWithLease<'_>,
        applied: &mut AppliedSteps,
    ) -> Result<WorkOutcome, RunError> {
        match self.read_plan_and_apply(run, applied).await {
            Ok(outcome) => Ok(outcome),
            Err(WorkError::Fails(failure)) => {
                let report = Report::of_failure(take(&mut applied.rows), failure);
                Ok(WorkOutcome::Finished(Box::new(report)))
            }
            Err(WorkError::Retry(error)) => Err(error),
        }
    }

    async fn read_plan_and_apply(
        &self,
        run: &RunWithLease<'_>,
        applied: &mut AppliedSteps,
    ) -> Result<WorkOutcome, WorkError> {
        let connection = run.connection.ok_or(RunFailure::NotConnected)?;
        let id = &run.workspace.workspace_id;
        let last_step = last_step(run.deadline);
        // Users are read while SmartHR's rate limit makes us wait. The write detects a user who changes
        // in between.
        let (employees, users) = tokio::join!(
            Box::pin(self.read_smarthr(id, connection, last_step)),
            self.store.all_users(id),
        );
        let (employees, session) = employees?;
        let users = users?;
        if matches!(run.run.trigger, Trigger::Schedule | Trigger::Operator) {
            let kept = self
                .connections
                .ensure_webhook(id, connection, &session, last_step);
            // A large future, which lives on the heap.
            applied.webhook_enabled_again |= Box::pin(kept).await;
            Box::pin(self.mend_admins(id, &users)).await;
        }
        self.apply_to(run, connection, &employees, users, applied)
            .await
    }

    /// Lists the admins of a workspace that an earlier version wrote, or changed since. A failure is only logged:
    /// without the list everybody is read, and the next night tries again.
    async fn mend_admins(&self, id: &WorkspaceId, users: &StoredUsers) {
        if let Err(error) = self.store.mend_admins(id, users).await {
            tracing::warn!(workspace_id = %id, %error, "the items of the admins are still to be checked");
        }
    }

    /// Plans and applies what follows from these `employees`.
    ///
    /// # Errors
    /// [`WorkError`] when the run cannot continue; applied steps stay applied.
    pub(crate) async fn apply_to(
        &self,
        run: &RunWithLease<'_>,
        connection: &Connection,
        employees: &[Employee],
        users: StoredUsers,
        applied: &mut AppliedSteps,
    ) -> Result<WorkOutcome, WorkError> {
        applied.deletions.clone_from(&run.acquired.deletions);
        let key =
            DerivationKeys::from_secret(&self.secrets.derivation_key().await?)?.into_current();
        let seed = run.run.password_seed.as_ref().ok_or(StoreError::Corrupt {
            what: "run",
            why: "a run under way without its seed".into(),
        })?;
        let seed = CredentialSeed::from(seed);
        let writer = Applier {
            store: &self.store,
            queues: &self.queues,
            random: &self.random,
            key: &key,
            seed: &seed,
            workspace: run.workspace,
            tenant: &connection.company.tenant_id,
            lease: &run.acquired.lease,
            clock: self.clock,
            issued_at: run.at,
            deletions_at: if run.scope.is_reported() {
                CountedDeletions::end_of_ten_minutes(run.at)
            } else {
                run.at
            },
            is_by_day: run.scope.is_by_day(),
            deadline: last_step(run.deadline),
        };
        self.plan_and_apply(run, connection, employees, users, &writer, applied)
            .await
    }

    async fn plan_and_apply(
        &self,
        run: &RunWithLease<'_>,
        connection: &Connection,
        employees: &[Employee],
        mut stored: StoredUsers,
        writer: &Applier<'_>,
        applied: &mut AppliedSteps,
    ) -> Result<WorkOutcome, WorkError> {
        let (id, tenant) = (&run.workspace.workspace_id, &connection.company.tenant_id);
        let counted = run.acquired.counted;
        let found = stored.users.len() + stored.unreadable.len();
        if found != counted.users as usize {
            self.store
                .correct_user_count(id, &run.acquired.lease, counted, found)
                .await?;
        }
        let mut answers = connection.decisions.clone();
        for attempt in 1..=MAX_ATTEMPTS {
            if attempt > 1 {
                stored = self.store.all_users(id).await?;
            }
            let decisions = answers.clone();
            let people = ReadPeople {
                employees,
                stored: &stored,
            };
            let (recent, now) = (applied.deletions.recent(run.at), (self.clock)());
            let plan = plan(&PlanInput {
                decisions: &decisions,
                ..plan_input(run.workspace, connection, run.scope, people, recent, now)
            });
            let with_held = answers.with_held(&plan);
            if with_held != answers {
                // Stored before anything is applied: people who were held wait for an admin, even when
                // this run plans again for a company that it has made larger.
                self.connections
                    .record_held_deletions(id, tenant, &plan)
                    .await?;
                answers = with_held;
            }
            match writer.apply(&plan, &decisions.allowed, applied).await {
                Ok(ApplyOutcome::Complete) => {
                    let account_answers = &connection.account_answers;
                    let is_recorded = answers.after(&plan) == answers
                        && AccountAnswer::after(account_answers, &plan, (self.clock)())
                            == *account_answers
                        && connection.left_out.after(&plan) == connection.left_out;
                    if !is_recorded {
                        let connections = &self.connections;
                        connections.record_applied_plan(id, tenant, &plan).await?;
                    }
                    let report = Report::of_plan(take(&mut applied.rows), &plan);
                    return Ok(WorkOutcome::Finished(Box::new(report)));
                }
                Ok(ApplyOutcome::OutOfTime) => return Ok(WorkOutcome::OutOfTime),
                Ok(ApplyOutcome::Conflict) => {
                    tracing::info!(attempt, "a user changed in between; planning again");
                }
                Err(error @ StoreError::Unavailable { .. })
                    if attempt < MAX_ATTEMPTS && !error.is_lasting() =>
                {
                    tracing::warn!(%error, attempt, "AWS did not answer; planning again");
                    tokio::time::sleep(Duration::from_secs(u64::from(attempt))).await;
                    // It is unknown whether the step was written: its rows are read with the rest.
                    let lease = &run.acquired.lease;
                    let rows = match run.scope {
                        PlanScope::Reported { .. } => self.store.rows_under(id, lease).await?,
                        PlanScope::Everybody | PlanScope::EverybodyByDay => {
                            self.store.rows(id, &run.run.run_id).await?
                        }
                    };
                    applied.rows = rows.whole()?;
                    applied.deletions = self.store.seats_and_lease(id).await?.deletions;
                }
                Err(error) => return Err(error.into()),
            }
        }
        Err(RunError::UsersKeptChanging.into())
    }
}
