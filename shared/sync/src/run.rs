//! One run of one workspace, from the message that asks for it to its end.

use std::mem::take;
use std::sync::Arc;
use std::time::Duration;

use access::{DerivationKey, InitialPasswordSeed, Random};
use aws::gate::Lease;
use aws::integrations::{Integration, IntegrationState};
use aws::logs::Logs;
use aws::queues::{Queues, RunMessage};
use aws::runs::{Mode, Run, RunOutcome, Trigger};
use aws::secrets::Secrets;
use aws::{Store, StoreError};
use directory::{PlanInput, RunFailure, RunId, Workspace, WorkspaceId, plan};
use integration::{Clock, Integrations};
use jiff::Timestamp;
use secrecy::SecretString;
use tokio::time::Instant;

use crate::apply::{Applied, Applier, Progress};
use crate::end::{Ender, Report};
use crate::keep_alive::KeepAlive;

/// How often a run plans anew because somebody else changed a user meanwhile, or because AWS did
/// not answer.
const PLANS: u32 = 5;

/// How long SmartHR may take in all, unless the invocation ends sooner.
pub(crate) const LONGEST_READ: Duration = Duration::from_mins(10);

/// How long before the invocation ends the last step may begin.
const MARGIN: Duration = Duration::from_secs(15);

/// How a message was dealt with.
#[derive(Debug)]
pub enum Done {
    /// The run ended now.
    Ended(Run),
    /// It had ended before.
    Before(Run),
    /// Time ran short; a further message was sent.
    Continues,
    /// Another run of the workspace is under way; the message was put back.
    Waits,
    /// There is nothing to do: the workspace is no longer linked or enabled.
    Nothing,
}

/// Why a message could not be dealt with. The queue delivers it again.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// Database, log, queue or secrets.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// There is no such workspace.
    #[error("there is no workspace {0}")]
    UnknownWorkspace(WorkspaceId),
    /// The derivation key cannot be used.
    #[error(transparent)]
    Key(#[from] access::derive::DerivationKeyTooShort),
    /// The log cannot be written as CSV.
    #[error(transparent)]
    Log(#[from] mail::MailError),
    /// Others kept changing the users.
    #[error("the users changed each time they were read")]
    Restless,
}

/// Does runs. Build one per process.
#[derive(Clone)]
pub struct Runner {
    /// The database.
    pub store: Store,
    /// Where further runs and mails are asked for.
    pub queues: Queues,
    /// Where logs go.
    pub logs: Logs,
    /// The derivation key.
    pub secrets: Secrets,
    /// Access to SmartHR.
    pub integrations: Arc<Integrations>,
    /// New user ids, seeds and salts.
    pub random: Arc<Random>,
    /// The time.
    pub clock: Clock,
}

/// What became of the work on a run.
pub(crate) enum Worked {
    /// It can be reported.
    Reports(Report),
    /// The rest is for a further invocation.
    OutOfTime,
}

impl Runner {
    /// Deals with one message. `deadline` is when the invocation is cut off.
    ///
    /// # Errors
    /// [`RunError`]: deliver the message again, and the run goes on where it stopped.
    pub async fn run(&self, message: &RunMessage, deadline: Instant) -> Result<Done, RunError> {
        let id = &message.workspace_id;
        let workspace = self
            .store
            .workspace(id)
            .await?
            .ok_or_else(|| RunError::UnknownWorkspace(id.clone()))?;
        let integration = self.store.integration(id).await?;
        if message.mode == Mode::Preview {
            return self
                .preview(message, &workspace, integration, deadline)
                .await;
        }
        if let Some(leaving) = &integration
            && leaving.state == IntegrationState::Disconnecting
        {
            let cleaned = self.integrations.finish_disconnect(id, deadline).await;
            if let Err(error) = cleaned {
                tracing::warn!(%error, "our items in SmartHR are still to be deleted");
            }
            return self.end_unended(message, integration.as_ref()).await;
        }
        if message.trigger == Trigger::Schedule
            && !integration
                .as_ref()
                .is_some_and(|integration| integration.settings.enabled)
        {
            return self.end_unended(message, integration.as_ref()).await;
        }
        let now = (self.clock)();
        let taken = self
            .store
            .take_lease(id, &message.run_id, message.continuation, now)
            .await;
        let (lease, unended) = match taken {
            Ok(taken) => taken,
            Err(StoreError::Conflict(_)) => return self.put_back(message).await,
            Err(error) => return Err(error.into()),
        };
        let worked = self
            .hold(message, &workspace, integration, &lease, &unended, deadline)
            .await;
        match worked {
            Err(RunError::Store(StoreError::Fenced)) => {
                tracing::warn!("another invocation has the lease; it goes on");
                Ok(Done::Waits)
            }
            Err(error) => {
                // So that the next delivery need not wait for the lease to end.
                if let Err(error) = self.store.give_lease_back(id, &lease).await {
                    tracing::warn!(%error, "the lease was not given back");
                }
                Err(error)
            }
            Ok(done) => Ok(done),
        }
    }

    /// What is done with the lease in hand.
    async fn hold(
        &self,
        message: &RunMessage,
        workspace: &Workspace,
        integration: Option<Integration>,
        lease: &Lease,
        unended: &[RunId],
        deadline: Instant,
    ) -> Result<Done, RunError> {
        let id = &message.workspace_id;
        let _alive = KeepAlive::start(self.store.clone(), id.clone(), lease.clone(), self.clock);
        let mut mail_ids = Vec::new();
        for other in unended {
            let failure = RunFailure::Internal;
            let ended = self
                .end_abandoned(id, other, failure, integration.as_ref(), lease)
                .await?;
            mail_ids.extend(ended);
        }
        self.queues.send_mails(id, &mail_ids).await?;
        let fresh = self.new_run(message);
        let run = self.store.begin_run(id, &fresh, (self.clock)()).await?;
        self.ask_for_waiting_mails(id).await?;
        if run.outcome != RunOutcome::Running {
            self.store.give_lease_back(id, lease).await?;
            return Ok(Done::Before(run));
        }
        let resumed = run.password_seed != fresh.password_seed;
        let mut done = Progress::default();
        if resumed {
            done.rows = self.store.rows(id, &run.run_id).await?;
        }
        let worked = self
            .work(
                &run,
                workspace,
                integration.as_ref(),
                lease,
                &mut done,
                deadline,
            )
            .await?;
        match worked {
            Worked::Reports(report) => {
                let (ended, mut mail_ids) = self
                    .ender(id)
                    .end(
                        run,
                        report,
                        integration.as_ref(),
                        Some(lease),
                        (self.clock)(),
                    )
                    .await?;
                mail_ids.append(&mut done.mails_unasked);
                self.queues.send_mails(id, &mail_ids).await?;
                Ok(Done::Ended(ended))
            }
            Worked::OutOfTime => {
                let next = RunMessage {
                    continuation: message.continuation + 1,
                    ..message.clone()
                };
                self.store
                    .pass_lease_on(id, lease, next.continuation, (self.clock)())
                    .await?;
                self.queues.send_run(&next, 0).await?;
                Ok(Done::Continues)
            }
        }
    }

    /// Reads, plans and applies, again where somebody else was faster.
    async fn work(
        &self,
        run: &Run,
        workspace: &Workspace,
        integration: Option<&Integration>,
        lease: &Lease,
        done: &mut Progress,
        deadline: Instant,
    ) -> Result<Worked, RunError> {
        let Some(integration) = integration else {
            return Ok(Worked::Reports(Report::of_failure(
                take(&mut done.rows),
                RunFailure::NotLinked,
            )));
        };
        let last_step = deadline.checked_sub(MARGIN).unwrap_or(deadline);
        let read = self.read_smarthr(workspace, integration, last_step).await?;
        let source = match read {
            Ok(source) => source,
            Err(failure) => {
                return Ok(Worked::Reports(Report::of_failure(
                    take(&mut done.rows),
                    failure,
                )));
            }
        };
        let key = DerivationKey::from_secret(&self.secrets.derivation_key().await?)?;
        let seed = run.password_seed.clone().ok_or(StoreError::Corrupt {
            what: "run",
            why: "a run under way without its seed".into(),
        })?;
        let seed = InitialPasswordSeed::from_stored(SecretString::from(seed));
        let applier = Applier {
            store: &self.store,
            queues: &self.queues,
            random: &self.random,
            key: &key,
            seed: &seed,
            workspace,
            tenant: &integration.company.tenant_id,
            lease,
            clock: self.clock,
            deadline: last_step,
        };
        let mut answers = integration.decisions.clone();
        for attempt in 1..=PLANS {
            let users = self.store.users(&workspace.workspace_id).await?;
            let decisions = answers.clone();
            let planned = plan(&PlanInput {
                workspace,
                settings: &source.settings,
                tenant: &integration.company.tenant_id,
                employees: &source.employees,
                users: &users,
                decisions: &decisions,
                now: (self.clock)(),
            });
            let plan = match planned {
                Ok(plan) => plan,
                Err(failure) => {
                    return Ok(Worked::Reports(Report::of_failure(
                        take(&mut done.rows),
                        failure,
                    )));
                }
            };
            let held = decisions.after(&plan).held;
            if !held.is_subset(&answers.held) {
                // Before anything is written: who was held once waits for an admin, even when this
                // run plans again on a company that it has made larger.
                self.integrations
                    .remember_held(&workspace.workspace_id, &plan)
                    .await?;
                answers.held.extend(held);
            }
            match applier.apply(&plan, done).await {
                Ok(Applied::All) => {
                    if answers.after(&plan) != answers {
                        self.integrations
                            .remember_held(&workspace.workspace_id, &plan)
                            .await?;
                    }
                    return Ok(Worked::Reports(Report::of_plan(
                        take(&mut done.rows),
                        &plan,
                    )));
                }
                Ok(Applied::OutOfTime) => return Ok(Worked::OutOfTime),
                Ok(Applied::Overtaken) => tracing::info!(attempt, "overtaken, planning anew"),
                Err(error @ StoreError::Unavailable { .. }) if attempt < PLANS => {
                    tracing::warn!(%error, attempt, "planning anew");
                    // Whether the step was written is unknown: its rows are read with the rest.
                    done.rows = self
                        .store
                        .rows(&workspace.workspace_id, &run.run_id)
                        .await?;
                    tokio::time::sleep(Duration::from_secs(u64::from(attempt))).await;
                }
                Err(error) => return Err(error.into()),
            }
        }
        Err(RunError::Restless)
    }

    /// The sync was switched off or the link undone while runs were under way: they end with what
    /// they did, and the initial passwords they made are sent.
    async fn end_unended(
        &self,
        message: &RunMessage,
        integration: Option<&Integration>,
    ) -> Result<Done, RunError> {
        let id = &message.workspace_id;
        let now = (self.clock)();
        if self.store.gate(id).await?.unended.is_empty() {
            return Ok(Done::Nothing);
        }
        let taken = self
            .store
            .take_lease(id, &message.run_id, message.continuation, now)
            .await;
        let (lease, mut unended) = match taken {
            Ok(taken) => taken,
            Err(StoreError::Conflict(_)) => return self.put_back(message).await,
            Err(error) => return Err(error.into()),
        };
        // The message's own run last: its end ends the lease as well.
        unended.push(message.run_id.clone());
        let mut mail_ids = Vec::new();
        for run_id in &unended {
            let ended = self
                .end_abandoned(id, run_id, RunFailure::Stopped, integration, &lease)
                .await?;
            mail_ids.extend(ended);
        }
        self.queues.send_mails(id, &mail_ids).await?;
        self.ask_for_waiting_mails(id).await?;
        self.store.give_lease_back(id, &lease).await?;
        Ok(Done::Nothing)
    }

    /// Ends a run that held the lease and never came back: what it did is reported, and the
    /// initial passwords it made are sent. Gives the mails to ask for.
    async fn end_abandoned(
        &self,
        id: &WorkspaceId,
        run_id: &RunId,
        failure: RunFailure,
        integration: Option<&Integration>,
        lease: &Lease,
    ) -> Result<Vec<String>, RunError> {
        let Some(run) = self.store.run(id, run_id, Mode::Apply).await? else {
            return Ok(Vec::new());
        };
        if run.outcome != RunOutcome::Running {
            return Ok(Vec::new());
        }
        let done = self.store.rows(id, run_id).await?;
        let report = Report::of_failure(done, failure);
        let (_, mail_ids) = self
            .ender(id)
            .end(run, report, integration, Some(lease), (self.clock)())
            .await?;
        Ok(mail_ids)
    }

    /// Another run of the workspace is under way: try again in a minute.
    async fn put_back(&self, message: &RunMessage) -> Result<Done, RunError> {
        const A_MINUTE: i32 = 60;
        self.queues.send_run(message, A_MINUTE).await?;
        Ok(Done::Waits)
    }

    /// Asks for the delivery of everything that waits in the outbox. Who delivers finds out what
    /// was asked for twice.
    async fn ask_for_waiting_mails(&self, id: &WorkspaceId) -> Result<(), StoreError> {
        let waiting = self.store.waiting_mails(id).await?;
        self.queues.send_mails(id, &waiting).await
    }

    pub(crate) fn new_run(&self, message: &RunMessage) -> Run {
        Run {
            run_id: message.run_id.clone(),
            trigger: message.trigger,
            mode: message.mode,
            outcome: RunOutcome::Running,
            started_at: started_at(&message.run_id).unwrap_or_else(self.clock),
            finished_at: None,
            counts: aws::runs::Counts::default(),
            failure: None,
            held: Vec::new(),
            log_key: None,
            password_seed: Some(
                InitialPasswordSeed::generate(&self.random)
                    .expose_to_store()
                    .to_owned(),
            ),
        }
    }

    pub(crate) fn ender<'a>(&'a self, workspace_id: &'a WorkspaceId) -> Ender<'a> {
        Ender {
            store: &self.store,
            logs: &self.logs,
            workspace_id,
        }
    }
}

/// When the run of this id was started: the schedule's 02:00 sharp, whenever the message came.
fn started_at(run_id: &RunId) -> Option<Timestamp> {
    let (start, _) = run_id.as_str().split_once('-')?;
    let start = jiff::civil::DateTime::strptime("%Y%m%dT%H%M%SZ", start).ok()?;
    start
        .to_zoned(jiff::tz::TimeZone::UTC)
        .ok()
        .map(|start| start.timestamp())
}
