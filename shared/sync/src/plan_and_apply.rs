//! The work of a run: reads, plans and applies; plans again when somebody else was faster.

use std::mem::take;
use std::time::Duration;

use credentials::{DerivationKey, InitialPasswordSeed};
use domain::{Connection, Employee, PlanInput, Run, RunFailure, User, Workspace, plan};
use storage::StoreError;
use storage::seats_and_lease::AcquiredLease;
use tokio::time::Instant;

use crate::apply::{AppliedSteps, Applier, ApplyOutcome};
use crate::continuation::last_step;
use crate::report::Report;
use crate::run::{RunError, Runner};
use crate::work_error::WorkError;

/// How often a run plans because somebody else changed a user meanwhile, or because AWS did not
/// answer.
const PLANS: u32 = 5;

/// The result of the work on a run.
pub(crate) enum WorkOutcome {
    /// The run ends with this report.
    Finished(Report),
    /// A further invocation does the rest.
    OutOfTime,
}

/// A run that has its workspace's lease.
pub(crate) struct RunWithLease<'a> {
    pub(crate) run: &'a Run,
    pub(crate) workspace: &'a Workspace,
    pub(crate) connection: Option<&'a Connection>,
    pub(crate) acquired: &'a AcquiredLease,
    /// When Lambda ends the invocation.
    pub(crate) deadline: Instant,
}

impl Runner {
    /// Does the run, as far as the time allows, and notes in `applied` what was written.
    ///
    /// # Errors
    /// [`RunError`]; what was written stays.
    pub(crate) async fn work(
        &self,
        run: &RunWithLease<'_>,
        applied: &mut AppliedSteps,
    ) -> Result<WorkOutcome, RunError> {
        match self.read_plan_and_apply(run, applied).await {
            Ok(outcome) => Ok(outcome),
            Err(WorkError::Fails(failure)) => {
                let report = Report::of_failure(take(&mut applied.rows), failure);
                Ok(WorkOutcome::Finished(report))
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
        // Users are read while SmartHR's limit makes us wait. A user who changes meanwhile is found
        // out at the write.
        let (employees, users) = tokio::join!(
            Box::pin(self.read_smarthr(id, connection, last_step)),
            self.store.users(id),
        );
        let employees = employees?;
        let key = DerivationKey::from_secret(&self.secrets.derivation_key().await?)?;
        let seed = run.run.password_seed.as_ref().ok_or(StoreError::Corrupt {
            what: "run",
            why: "a run under way without its seed".into(),
        })?;
        let seed = InitialPasswordSeed::from_stored(seed.expose().into());
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
            deadline: last_step,
        };
        self.plan_and_apply(run, connection, &employees, users?, &writer, applied)
            .await
    }

    async fn plan_and_apply(
        &self,
        run: &RunWithLease<'_>,
        connection: &Connection,
        employees: &[Employee],
        mut users: Vec<User>,
        writer: &Applier<'_>,
        applied: &mut AppliedSteps,
    ) -> Result<WorkOutcome, WorkError> {
        let (id, tenant) = (&run.workspace.workspace_id, &connection.company.tenant_id);
        let counted = run.acquired.counted;
        if users.len() != counted.users as usize {
            self.store
                .correct_user_count(id, &run.acquired.lease, counted, users.len())
                .await?;
        }
        let mut answers = connection.decisions.clone();
        for attempt in 1..=PLANS {
            if attempt > 1 {
                users = self.store.users(id).await?;
            }
            let decisions = answers.clone();
            let plan = plan(&PlanInput {
                workspace: run.workspace,
                settings: &connection.settings,
                tenant,
                employees,
                users: &users,
                decisions: &decisions,
                now: (self.clock)(),
            })?;
            let with_held = answers.with_held(&plan);
            if with_held != answers {
                // Before anything is written: who was held once waits for an admin, even when this
                // run plans again for a company that it has made larger.
                self.connections
                    .record_held_deletions(id, tenant, &plan)
                    .await?;
                answers = with_held;
            }
            match writer.apply(&plan, applied).await {
                Ok(ApplyOutcome::Complete) => {
                    if answers.after(&plan) != answers {
                        self.connections
                            .record_held_deletions(id, tenant, &plan)
                            .await?;
                    }
                    let report = Report::of_plan(take(&mut applied.rows), &plan);
                    return Ok(WorkOutcome::Finished(report));
                }
                Ok(ApplyOutcome::OutOfTime) => return Ok(WorkOutcome::OutOfTime),
                Ok(ApplyOutcome::Conflict) => {
                    tracing::info!(attempt, "a user changed meanwhile; planning again");
                }
                Err(error @ StoreError::Unavailable { .. })
                    if attempt < PLANS && !error.is_lasting() =>
                {
                    tracing::warn!(%error, attempt, "AWS did not answer; planning again");
                    tokio::time::sleep(Duration::from_secs(u64::from(attempt))).await;
                    // Whether the step was written is unknown: its rows are read with the rest.
                    applied.rows = self.store.rows(id, &run.run.run_id).await?.whole()?;
                }
                Err(error) => return Err(error.into()),
            }
        }
        Err(RunError::UsersKeptChanging.into())
    }
}
