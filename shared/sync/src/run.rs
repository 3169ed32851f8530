//! One run of one workspace, from the message that asks for it to its end.

use std::sync::Arc;
use std::time::Duration;

use connection::{Clock, Connections};
use credentials::Random;
use domain::{Connection, ConnectionState};
use domain::{Mode, Run, Trigger};
use domain::{RunFailure, Workspace, WorkspaceId};
use storage::Store;
use storage::StoreError;
use storage::queues::{Queues, RunMessage};
use storage::seats_and_lease::AcquiredLease;
use storage::secrets::Secrets;
use storage::sync_logs::SyncLogs;
use tokio::time::Instant;

use crate::begin::Beginning;
use crate::finalize::RunFinalizer;
use crate::lease_renewal::LeaseRenewal;
use crate::work::{Job, WorkOutcome};

/// How long SmartHR may take in all, unless the invocation ends sooner.
pub(crate) const LONGEST_READ: Duration = Duration::from_mins(10);

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
    Key(#[from] credentials::derive::DerivationKeyTooShort),
    /// The log cannot be written as CSV.
    #[error(transparent)]
    Log(#[from] mail::MailError),
    /// The run ended, but S3 did not keep its log, which nobody will write any more.
    #[error("the run ended without its log")]
    LogNotKept,
    /// Others kept changing the users.
    #[error("the users changed each time they were read")]
    UsersKeptChanging,
}

/// Does runs. Build one per process.
#[derive(Clone)]
pub struct Runner {
    /// The database.
    pub store: Store,
    /// Where further runs and mails are asked for.
    pub queues: Queues,
    /// Where logs go.
    pub logs: SyncLogs,
    /// The derivation key.
    pub secrets: Secrets,
    /// Access to SmartHR.
    pub connections: Arc<Connections>,
    /// New user ids, seeds and salts.
    pub random: Arc<Random>,
    /// The time.
    pub clock: Clock,
}

/// The invocation that a message is dealt with in.
#[derive(Clone, Copy, Debug)]
pub struct Invocation {
    /// When it is cut off.
    pub deadline: Instant,
    /// Nobody delivers the message again: a run that cannot go on ends here, so that the history
    /// tells it.
    pub last_delivery: bool,
}

impl Runner {
    /// Deals with one message.
    ///
    /// # Errors
    /// [`RunError`]: deliver the message again, and the run goes on where it stopped, unless this
    /// was the last delivery.
    pub async fn run(
        &self,
        message: &RunMessage,
        invocation: Invocation,
    ) -> Result<Done, RunError> {
        let id = &message.workspace_id;
        let (workspace, connection) =
            tokio::try_join!(self.store.workspace(id), self.store.connection(id))?;
        let workspace = workspace.ok_or_else(|| RunError::UnknownWorkspace(id.clone()))?;
        let connection = connection.as_ref();
        if message.mode == Mode::Preview {
            return self
                .preview(message, &workspace, connection, invocation.deadline)
                .await;
        }
        if let Some(leaving) = connection
            && leaving.state == ConnectionState::Disconnecting
        {
            let cleaned = self
                .connections
                .finish_disconnect(id, invocation.deadline)
                .await;
            if let Err(error) = cleaned {
                tracing::warn!(%error, "our items in SmartHR are still to be deleted");
            }
            return self
                .finalize_unfinished_runs(message, connection, invocation.last_delivery)
                .await;
        }
        if connection.is_some_and(|connection| !connection.left_companies.is_empty())
            && let Err(error) = self
                .connections
                .delete_tokens_of_left_companies(id, invocation.deadline)
                .await
        {
            tracing::warn!(%error, "tokens of a company that was left are still to be deleted");
        }
        if message.trigger == Trigger::Schedule
            && !connection.is_some_and(|connection| connection.settings.enabled)
        {
            return self
                .finalize_unfinished_runs(message, connection, invocation.last_delivery)
                .await;
        }
        let taken = self
            .store
            .acquire_lease(id, &message.run_id, message.continuation, (self.clock)())
            .await?;
        let Some(taken) = taken else {
            return self.put_back(message).await;
        };
        // All that a run holds while it waits: on the heap.
        let worked = Box::pin(self.hold(message, &workspace, connection, &taken, invocation));
        match worked.await {
            Err(RunError::Store(StoreError::Fenced)) => {
                tracing::warn!("another invocation has the lease; it goes on");
                Ok(Done::Waits)
            }
            Err(error) => {
                if invocation.last_delivery {
                    self.finalize_as_failed(message, connection, &taken.lease)
                        .await;
                }
                // So that nobody need wait for the lease to end.
                if let Err(error) = self.store.release_lease(id, &taken.lease, &[]).await {
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
        connection: Option<&Connection>,
        taken: &AcquiredLease,
        invocation: Invocation,
    ) -> Result<Done, RunError> {
        let id = &message.workspace_id;
        let lease = &taken.lease;
        let now_linked = self.store.connection(id).await?;
        if !is_same_link(connection, now_linked.as_ref()) {
            tracing::info!("the link or its settings changed while the lease was taken");
            self.store.release_lease(id, lease, &[]).await?;
            return self.put_back(message).await;
        }
        let connection = now_linked.as_ref();
        let _alive = LeaseRenewal::start(self.store.clone(), id.clone(), lease.clone(), self.clock);
        let finalizer = self.finalizer(id, invocation.last_delivery);
        let failure = RunFailure::Internal;
        self.finalize_lost_runs(&finalizer, &taken.unended, failure, connection, lease)
            .await?;
        let beginning = self.begin(message).await?;
        self.ask_for_waiting_mails(id).await?;
        let (run, mut done) = match beginning {
            Beginning::UnderWay(run, done) => (run, done),
            Beginning::Over(run) => {
                let mut over = taken.unended.clone();
                over.push(run.run_id.clone());
                self.store.release_lease(id, lease, &over).await?;
                return Ok(Done::Before(run));
            }
        };
        let job = Job {
            run: &run,
            workspace,
            connection,
            taken,
            deadline: invocation.deadline,
        };
        match self.work(&job, &mut done).await? {
            WorkOutcome::Reports(report) => {
                let (run, mut mail_ids) = finalizer
                    .end(run, report, connection, Some(lease), (self.clock)())
                    .await?;
                mail_ids.append(&mut done.mails_unasked);
                self.queues.send_mails(id, &mail_ids).await?;
                if run.log_key.is_none() {
                    // So that an engineer hears of it: the message becomes a dead letter.
                    return Err(RunError::LogNotKept);
                }
                Ok(Done::Ended(run))
            }
            WorkOutcome::OutOfTime => {
                let next = RunMessage {
                    continuation: message.continuation + 1,
                    ..message.clone()
                };
                self.store
                    .hand_over_lease(id, lease, next.continuation, (self.clock)())
                    .await?;
                self.queues.send_run(&next, 0).await?;
                Ok(Done::Continues)
            }
        }
    }

    /// Another run of the workspace is under way: try again in a minute.
    pub(crate) async fn put_back(&self, message: &RunMessage) -> Result<Done, RunError> {
        const A_MINUTE: i32 = 60;
        self.queues.send_run(message, A_MINUTE).await?;
        Ok(Done::Waits)
    }

    /// Asks for the delivery of everything that waits in the outbox. Who delivers finds out what
    /// was asked for twice.
    pub(crate) async fn ask_for_waiting_mails(&self, id: &WorkspaceId) -> Result<(), StoreError> {
        let waiting = self.store.waiting_mails(id).await?;
        self.queues.send_mails(id, &waiting).await
    }

    /// `last_delivery`: whether nobody tries again what this invocation cannot do.
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

/// Whether nobody switched the sync off, linked anew or unlinked between these two looks: who does that takes the
/// lease from the run under way, and may have found none yet.
fn is_same_link(before: Option<&Connection>, now: Option<&Connection>) -> bool {
    match (before, now) {
        (Some(before), Some(now)) => {
            before.state == now.state
                && before.company.tenant_id == now.company.tenant_id
                && before.settings == now.settings
        }
        (before, now) => before.is_none() && now.is_none(),
    }
}
