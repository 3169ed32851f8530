//! The end of runs that cannot be gone on with: what they did is reported, and the initial
//! passwords they made are sent.

use aws::gate::{Lease, Taken};
use aws::integrations::Integration;
use aws::queues::RunMessage;
use aws::runs::{Mode, RunOutcome};
use directory::{RunFailure, RunId, WorkspaceId};

use crate::end::Report;
use crate::run::{Done, RunError, Runner};

impl Runner {
    /// The sync was switched off or the link undone while runs were under way: they end with what
    /// they did.
    pub(crate) async fn end_unended(
        &self,
        message: &RunMessage,
        integration: Option<&Integration>,
    ) -> Result<Done, RunError> {
        let id = &message.workspace_id;
        if self.store.gate(id).await?.unended.is_empty() {
            return Ok(Done::Nothing);
        }
        let taken = self
            .store
            .take_lease(id, &message.run_id, message.continuation, (self.clock)())
            .await?;
        let Some(Taken {
            lease, mut unended, ..
        }) = taken
        else {
            return self.put_back(message).await;
        };
        // The message's own run last: its end ends the lease as well.
        unended.push(message.run_id.clone());
        self.end_lost(id, &unended, RunFailure::Stopped, integration, &lease)
            .await?;
        self.ask_for_waiting_mails(id).await?;
        self.store.give_lease_back(id, &lease, &unended).await?;
        Ok(Done::Nothing)
    }

    /// The last delivery of a run's message could not finish it, and says so in the history. Should
    /// even that not work, the next run does it.
    pub(crate) async fn end_as_failed(
        &self,
        message: &RunMessage,
        integration: Option<&Integration>,
        lease: &Lease,
    ) {
        let run_id = std::slice::from_ref(&message.run_id);
        let failure = RunFailure::Internal;
        let ended = self
            .end_lost(&message.workspace_id, run_id, failure, integration, lease)
            .await;
        if let Err(error) = ended {
            tracing::error!(%error, "the run is left to be ended by the next one");
        }
    }

    /// Ends runs that held the lease and never came back, and asks for the mails that tell about
    /// them. Runs that ended, or of which nothing is known, are left as they are.
    pub(crate) async fn end_lost(
        &self,
        id: &WorkspaceId,
        lost: &[RunId],
        failure: RunFailure,
        integration: Option<&Integration>,
        lease: &Lease,
    ) -> Result<(), RunError> {
        let mut mail_ids = Vec::new();
        for run_id in lost {
            let Some(run) = self.store.run(id, run_id, Mode::Apply).await? else {
                continue;
            };
            if run.outcome != RunOutcome::Running {
                continue;
            }
            let done = self.store.rows(id, run_id).await?;
            let report = Report::of_failure(done, failure.clone());
            let (_, mails) = self
                .ender(id)
                .end(run, report, integration, Some(lease), (self.clock)())
                .await?;
            mail_ids.extend(mails);
        }
        self.queues.send_mails(id, &mail_ids).await?;
        Ok(())
    }
}
