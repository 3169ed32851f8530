//! The end of runs that cannot be gone on with: what they did is reported, and the initial
//! passwords they made are sent.

use domain::Connection;
use domain::{Mode, RunOutcome};
use domain::{RunFailure, RunId};
use storage::queues::RunMessage;
use storage::seats_and_lease::{AcquiredLease, Lease};

use crate::finalize::{Report, RunFinalizer};
use crate::run::{Done, RunError, Runner};

impl Runner {
    /// The sync was switched off or the link undone while runs were under way: they end with what
    /// they did.
    pub(crate) async fn finalize_unfinished_runs(
        &self,
        message: &RunMessage,
        connection: Option<&Connection>,
        last_delivery: bool,
    ) -> Result<Done, RunError> {
        let id = &message.workspace_id;
        if self.store.seats_and_lease(id).await?.unended.is_empty() {
            return Ok(Done::Nothing);
        }
        let taken = self
            .store
            .acquire_lease(id, &message.run_id, message.continuation, (self.clock)())
            .await?;
        let Some(AcquiredLease {
            lease, mut unended, ..
        }) = taken
        else {
            return self.put_back(message).await;
        };
        // The message's own run last: its end ends the lease as well.
        unended.push(message.run_id.clone());
        let finalizer = self.finalizer(id, last_delivery);
        self.finalize_lost_runs(
            &finalizer,
            &unended,
            RunFailure::Stopped,
            connection,
            &lease,
        )
        .await?;
        self.ask_for_waiting_mails(id).await?;
        self.store.release_lease(id, &lease, &unended).await?;
        Ok(Done::Nothing)
    }

    /// The last delivery of a run's message could not finish it, and says so in the history. Should
    /// even that not work, the next run does it.
    pub(crate) async fn finalize_as_failed(
        &self,
        message: &RunMessage,
        connection: Option<&Connection>,
        lease: &Lease,
    ) {
        let run_id = std::slice::from_ref(&message.run_id);
        let failure = RunFailure::Internal;
        let finalizer = self.finalizer(&message.workspace_id, true);
        let result = self
            .finalize_lost_runs(&finalizer, run_id, failure, connection, lease)
            .await;
        if let Err(error) = result {
            tracing::error!(%error, "the run is left to be ended by the next one");
        }
        if let Err(error) = self.ask_for_waiting_mails(finalizer.workspace_id).await {
            tracing::warn!(%error, "mails wait until they are found in the outbox");
        }
    }

    /// Ends runs that held the lease and never came back, and asks for the mails that tell about
    /// them. Runs that ended, or of which nothing is known, are left as they are. What cannot be read
    /// of a run does not keep it, and those after it, from ending.
    pub(crate) async fn finalize_lost_runs(
        &self,
        finalizer: &RunFinalizer<'_>,
        lost: &[RunId],
        failure: RunFailure,
        connection: Option<&Connection>,
        lease: &Lease,
    ) -> Result<(), RunError> {
        let id = finalizer.workspace_id;
        let mut mail_ids = Vec::new();
        for run_id in lost {
            let Some(run) = self.store.run(id, run_id, Mode::Apply).await? else {
                continue;
            };
            if run.outcome != RunOutcome::Running {
                continue;
            }
            let done = self.store.rows(id, run_id).await?;
            let report = match done.missing {
                None => Report::of_failure(done.rows, failure.clone()),
                Some(error) => {
                    tracing::error!(%error, %run_id, "the run ends without all it did");
                    Report::of_unreadable(done.rows)
                }
            };
            let (_, mails) = finalizer
                .end(run, report, connection, Some(lease), (self.clock)())
                .await?;
            mail_ids.extend(mails);
        }
        self.queues.send_mails(id, &mail_ids).await?;
        Ok(())
    }
}
