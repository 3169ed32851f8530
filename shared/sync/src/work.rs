//! The work of a run: reads, plans and applies, again where somebody else was faster.

use std::mem::take;
use std::time::Duration;

use credentials::{DerivationKey, InitialPasswordSeed};
use domain::Connection;
use domain::Run;
use domain::{Plan, PlanInput, RunFailure, User, Workspace, plan};
use storage::StoreError;
use storage::seats_and_lease::AcquiredLease;
use tokio::time::Instant;

use crate::apply::{Applied, Applier, Progress};
use crate::finalize::Report;
use crate::run::{RunError, Runner};
use crate::source::Source;

/// How often a run plans anew because somebody else changed a user meanwhile, or because AWS did
/// not answer.
const PLANS: u32 = 5;

/// How long before the invocation ends the last step may begin.
const MARGIN: Duration = Duration::from_secs(15);

/// What became of the work on a run.
pub(crate) enum WorkOutcome {
    /// It can be reported.
    Reports(Report),
    /// The rest is for a further invocation.
    OutOfTime,
}

/// The run that is worked on.
pub(crate) struct Job<'a> {
    pub(crate) run: &'a Run,
    pub(crate) workspace: &'a Workspace,
    pub(crate) connection: Option<&'a Connection>,
    pub(crate) taken: &'a AcquiredLease,
    /// When the invocation is cut off.
    pub(crate) deadline: Instant,
}

impl Runner {
    /// Does the run, as far as the time allows, and notes in `done` what was written.
    ///
    /// # Errors
    /// [`RunError`]; what was written stays.
    pub(crate) async fn work(
        &self,
        job: &Job<'_>,
        done: &mut Progress,
    ) -> Result<WorkOutcome, RunError> {
        let worked = self.read_and_write(job, done).await?;
        Ok(worked.unwrap_or_else(|failure| {
            WorkOutcome::Reports(Report::of_failure(take(&mut done.rows), failure))
        }))
    }

    async fn read_and_write(
        &self,
        job: &Job<'_>,
        done: &mut Progress,
    ) -> Result<Result<WorkOutcome, RunFailure>, RunError> {
        let Some(connection) = job.connection else {
            return Ok(Err(RunFailure::NotConnected));
        };
        let last_step = job.deadline.checked_sub(MARGIN).unwrap_or(job.deadline);
        // Users come in while SmartHR's limit makes us wait. Whoever changes meanwhile is found out
        // when they are written.
        let (read, users) = tokio::join!(
            self.read_smarthr(job.workspace, connection, last_step),
            self.store.users(&job.workspace.workspace_id),
        );
        let source = match read? {
            Ok(source) => source,
            Err(failure) => return Ok(Err(failure)),
        };
        let key = DerivationKey::from_secret(&self.secrets.derivation_key().await?)?;
        let seed = job.run.password_seed.as_ref().ok_or(StoreError::Corrupt {
            what: "run",
            why: "a run under way without its seed".into(),
        })?;
        let seed = InitialPasswordSeed::from_stored(seed.expose().into());
        let applier = Applier {
            store: &self.store,
            queues: &self.queues,
            random: &self.random,
            key: &key,
            seed: &seed,
            workspace: job.workspace,
            tenant: &connection.company.tenant_id,
            lease: &job.taken.lease,
            clock: self.clock,
            deadline: last_step,
        };
        self.write(job, connection, &source, users?, &applier, done)
            .await
    }

    async fn write(
        &self,
        job: &Job<'_>,
        connection: &Connection,
        source: &Source,
        mut users: Vec<User>,
        applier: &Applier<'_>,
        done: &mut Progress,
    ) -> Result<Result<WorkOutcome, RunFailure>, RunError> {
        let (id, tenant) = (&job.workspace.workspace_id, &connection.company.tenant_id);
        let mut answers = connection.decisions.clone();
        for attempt in 1..=PLANS {
            if attempt > 1 {
                users = self.store.users(id).await?;
            }
            let taken = job.taken;
            if attempt == 1 && users.len() != taken.counted.users as usize {
                let found = users.len();
                self.store
                    .correct_user_count(id, &taken.lease, taken.counted, found)
                    .await?;
            }
            let decisions = answers.clone();
            let planned = plan(&PlanInput {
                workspace: job.workspace,
                settings: &source.settings,
                tenant,
                employees: &source.employees,
                users: &users,
                decisions: &decisions,
                now: (self.clock)(),
            });
            let plan = match planned {
                Ok(plan) => plan,
                Err(failure) => return Ok(Err(failure)),
            };
            let waiting = answers.with_held(&plan);
            if waiting != answers {
                // Before anything is written: who was held once waits for an admin, even when this
                // run plans again on a company that it has made larger.
                self.connections
                    .record_held_deletions(id, tenant, &plan)
                    .await?;
                answers = waiting;
            }
            match applier.apply(&plan, done).await {
                Ok(Applied::All) => {
                    if answers.after(&plan) != answers {
                        self.connections
                            .record_held_deletions(id, tenant, &plan)
                            .await?;
                    }
                    return Ok(Ok(reports(done, &plan)));
                }
                Ok(Applied::OutOfTime) => return Ok(Ok(WorkOutcome::OutOfTime)),
                Ok(Applied::Overtaken) => tracing::info!(attempt, "overtaken, planning anew"),
                Err(error @ StoreError::Unavailable { .. })
                    if attempt < PLANS && !error.is_lasting() =>
                {
                    tracing::warn!(%error, attempt, "planning anew");
                    tokio::time::sleep(Duration::from_secs(u64::from(attempt))).await;
                    // Whether the step was written is unknown: its rows are read with the rest.
                    done.rows = self.store.rows(id, &job.run.run_id).await?.whole()?;
                }
                Err(error) => return Err(error.into()),
            }
        }
        Err(RunError::UsersKeptChanging)
    }
}

fn reports(done: &mut Progress, plan: &Plan<'_>) -> WorkOutcome {
    WorkOutcome::Reports(Report::of_plan(take(&mut done.rows), plan))
}
