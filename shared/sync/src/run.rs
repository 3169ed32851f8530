//! One run of one workspace, from its message to its end.

use std::sync::Arc;

use connection::{Clock, Connections};
use credentials::Random;
use domain::{
    ChangesByDay, Connection, ImmediateSync, Mode, PlanScope, Run, Trigger, Workspace, WorkspaceId,
    is_of_reported_people,
};
use storage::Store;
use storage::StoreError;
use storage::queues::{Queues, RunMessage};
use storage::seats_and_lease::AcquiredLease;
use storage::secrets::Secrets;
use storage::sync_logs::SyncLogs;
use tokio::time::Instant;

use crate::begin_run::BegunRun;
use crate::finalize::RunFinalizer;
use crate::plan_and_apply::{RunWithLease, WorkOutcome};
use crate::unfinished_runs::Abandoned;

/// The result of processing a run's message in one invocation.
#[derive(Debug)]
pub enum InvocationOutcome {
    /// The run ended in this invocation.
    Ended(Run),
    /// The people whom SmartHR reported were looked at, and are in the day's entry.
    Reflected {
        /// The day's entry.
        run: Run,
        /// How many people this batch changed.
        changed: usize,
    },
    /// The run had ended in an earlier invocation.
    EndedBefore(Run),
    /// The time ran out; a further message continues the run.
    Continues,
    /// Another run of the workspace is under way; the message was sent again with a delay.
    Postponed,
    /// SmartHR is out of order, and a further message tries again later; or it is still too early.
    AwaitsRetry,
    /// The workspace is no longer connected, or the sync is switched off.
    NothingToDo,
}

/// The reason why a message could not be processed. The queue delivers it again.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The database, S3, a queue or Secrets Manager failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The message names a workspace that has no record.
    #[error("there is no workspace {0}")]
    UnknownWorkspace(WorkspaceId),
    /// The derivation key cannot be used.
    #[error(transparent)]
    Key(#[from] credentials::InvalidDerivationKey),
    /// The sync log cannot be written as CSV.
    #[error(transparent)]
    Log(#[from] mail::MailError),
    /// The run ended, but S3 refused its sync log, which is lost.
    #[error("the run ended without its log")]
    LogNotKept,
    /// The run, or the wait for another one, took a day of messages. The message becomes a dead letter, and the run ends as
    /// failed.
    #[error("the run was continued or put back for a day")]
    TooManyMessages,
    /// Other writes changed the users each time the run had read them.
    #[error("the users changed each time they were read")]
    UsersKeptChanging,
}

/// Processes the messages of runs. Build one per process.
#[derive(Clone)]
pub struct Runner {
    /// The database that holds workspaces, users and runs.
    pub store: Store,
    /// The queues of runs and mails.
    pub queues: Queues,
    /// The sync logs in S3.
    pub logs: SyncLogs,
    /// Secrets Manager, which holds the derivation key.
    pub secrets: Secrets,
    /// The workspaces' connections to SmartHR.
    pub connections: Arc<Connections>,
    /// The source of user ids, seeds and salts.
    pub random: Arc<Random>,
    /// The clock that runs are timed by.
    pub clock: Clock,
}

/// The invocation that processes a message.
#[derive(Clone, Copy, Debug)]
pub struct Invocation {
    /// The time at which Lambda ends the invocation.
    pub deadline: Instant,
    /// Whether this is the last delivery of the message: a run that cannot continue then ends as
    /// failed, so that the history shows it.
    pub last_delivery: bool,
}

impl Runner {
    /// Processes one message of a run: a sync, a preview, or the end of a stopped run.
    ///
    /// # Errors
    /// [`RunError`]; a later delivery of the message continues the run where it stopped.
    pub async fn run(
        &self,
        message: &RunMessage,
        invocation: Invocation,
    ) -> Result<InvocationOutcome, RunError> {
        if message.not_before.is_some_and(|at| at > (self.clock)()) {
            return Ok(self.send_not_before(message).await?);
        }
        let id = &message.workspace_id;
        let read = tokio::try_join!(self.store.workspace(id), self.store.connection(id));
        let (workspace, connection) = match read {
            Err(error) if error.is_unreadable() => {
                if is_of_reported_people(&message.run_id) {
                    // The log names the record, and the night says so in the history.
                    return Ok(InvocationOutcome::NothingToDo);
                }
                return self
                    .fail_unreadable(message, invocation.last_delivery)
                    .await;
            }
            read => read?,
        };
        let workspace = workspace.ok_or_else(|| RunError::UnknownWorkspace(id.clone()))?;
        let connection = connection.as_ref();
        if message.mode == Mode::Preview {
            return self
                .preview(message, &workspace, connection, invocation.deadline)
                .await;
        }
        let is_by_hand = matches!(message.trigger, Trigger::Manual | Trigger::Operator);
        if let Some(connection) = connection.filter(|_| message.trigger != Trigger::Immediate) {
            self.finish_what_is_left(id, connection, invocation.deadline)
                .await;
        }
        let is_switched_off = !connection.is_some_and(|connection| connection.settings.enabled);
        if connection.is_some_and(Connection::is_disconnecting) || !is_by_hand && is_switched_off {
            if message.trigger == Trigger::Immediate {
                self.store.forget_changed_crews(id).await?;
            }
            return self
                .finalize_stopped_runs(message, connection, invocation.last_delivery)
                .await;
        }
        if is_of_reported_people(&message.run_id)
            && let Some(outcome) = self.before_batch(message, connection).await?
        {
            return Ok(outcome);
        }
        self.under_lease(message, &workspace, connection, invocation)
            .await
    }

    /// Finishes an interrupted disconnect or change of the company. A failure is only logged: the
    /// record keeps what is left, and the next night tries again.
    async fn finish_what_is_left(
        &self,
        id: &WorkspaceId,
        connection: &Connection,
        deadline: Instant,
    ) {
        if connection.is_disconnecting() {
            let finished = self.connections.finish_disconnect(id, connection, deadline);
            if let Err(error) = finished.await {
                tracing::warn!(%error, "our items in SmartHR are still to be deleted");
            }
        } else if let Err(error) = self
            .connections
            .delete_tokens_of_left_companies(id, connection, deadline)
            .await
        {
            tracing::warn!(%error, "tokens of a company that was left are still to be deleted");
        }
    }

    /// Processes the run of `message` under the lease.
    pub(crate) async fn run_with_lease(
        &self,
        message: &RunMessage,
        workspace: &Workspace,
        connection: Option<&Connection>,
        acquired: &AcquiredLease,
        invocation: Invocation,
    ) -> Result<InvocationOutcome, RunError> {
        let id = &message.workspace_id;
        let lease = &acquired.lease;
        let finalizer = self.finalizer(id, invocation.last_delivery);
        let why = Abandoned::Crashed;
        self.finalize_abandoned_runs(&finalizer, &acquired.unended, why, connection, lease)
            .await?;
        let begun = self.begin(message).await?;
        self.send_waiting_mails(id).await?;
        let (mut run, mut applied) = match begun {
            BegunRun::Unfinished(run, applied) => (run, applied),
            BegunRun::Ended(run) => {
                let mut ended = acquired.unended.clone();
                ended.push(run.run_id.clone());
                self.store.release_lease(id, lease, &ended).await?;
                return Ok(InvocationOutcome::EndedBefore(run));
            }
        };
        let is_scheduled = message.trigger == Trigger::Schedule;
        if let Some(retry) = run.waits_for((self.clock)()).filter(|_| is_scheduled) {
            // The invocation before was killed between the record and the message.
            self.store.release_lease(id, lease, &[]).await?;
            return Ok(self.send_retry(message, retry).await?);
        }
        let work = RunWithLease {
            run: &run,
            workspace,
            connection,
            acquired,
            scope: match message.trigger {
                Trigger::Immediate => PlanScope::EverybodyByDay,
                Trigger::Schedule | Trigger::Manual | Trigger::Operator => PlanScope::Everybody,
            },
            at: run.started_at,
            deadline: invocation.deadline,
        };
        let report = match self.work(&work, &mut applied).await? {
            WorkOutcome::Finished(report) => *report,
            WorkOutcome::OutOfTime => return self.continue_later(message, lease).await,
        };
        let outage = report.failure.as_ref().filter(|_| is_scheduled);
        if let Some(retry) = outage.and_then(|outage| run.retry_after(outage, (self.clock)())) {
            return Ok(self.await_retry(message, run, retry, lease).await?);
        }
        run.retry = None;
        // An earlier invocation of this run may have enabled it.
        run.webhook_enabled_again = applied.webhook_enabled_again
            || is_scheduled
                && connection.is_some_and(|it| it.webhook_was_enabled_since(run.started_at));
        let is_active = connection.is_some_and(|it| it.immediate_sync() == ImmediateSync::Active);
        let counts_by_day = is_scheduled && (is_active || acquired.changed_by_day > 0);
        run.by_day = counts_by_day.then_some(ChangesByDay {
            reflected: acquired.changed_by_day,
            found: 0,
        });
        // Before the run ends: the next delivery writes it otherwise.
        let seats_mail = if is_scheduled {
            self.warn_of_seats(workspace, (self.clock)()).await?
        } else {
            None
        };
        let (run, mut mail_ids) = finalizer
            .end(run, report, connection, Some(lease), (self.clock)())
            .await?;
        mail_ids.append(&mut applied.unsent_mail_ids);
        mail_ids.extend(seats_mail);
        self.queues.send_mails(id, &mail_ids).await?;
        if run.log_key.is_none() {
            // The message becomes a dead letter, and its alarm notifies an engineer.
            return Err(RunError::LogNotKept);
        }
        Ok(InvocationOutcome::Ended(run))
    }

    /// Sends all waiting mails of the outbox to the queue. mail-delivery ignores mails that were sent
    /// to it before.
    pub(crate) async fn send_waiting_mails(&self, id: &WorkspaceId) -> Result<(), StoreError> {
        let waiting = self.store.waiting_mails(id).await?;
        self.queues.send_mails(id, &waiting).await
    }

    /// Returns a finalizer; `last_delivery` as in [`Invocation`].
    pub(crate) fn finalizer<'a>(
        &'a self,
        workspace_id: &'a WorkspaceId,
        last_delivery: bool,
    ) -> RunFinalizer<'a> {
        RunFinalizer {
            last_delivery,
            store: &self.store,
            logs: &self.logs,
            workspace_id,
        }
    }
}
