//! The end of runs that cannot be gone on with: what they did is reported, and the initial
//! passwords they made are sent.

use aws::gate::{Lease, Taken};
use aws::integrations::Integration;
use aws::queues::RunMessage;
use aws::runs::{Mode, RunOutcome};
use directory::{RunFailure, RunId};

use crate::end::{Ender, Report};
use crate::run::{Done, RunError, Runner};

impl Runner {
    /// The sync was switched off or the link undone while runs were under way: they end with what
    /// they did.
    pub(crate) async fn end_unended(
        &self,
        message: &RunMessage,
        integration: Option<&Integration>,
        last_delivery: bool,
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
        let ender = self.ender(id, last_delivery);
        self.end_lost(&ender, &unended, RunFailure::Stopped, integration, &lease)
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
        let ender = self.ender(&message.workspace_id, true);
        let result = self
            .end_lost(&ender, run_id, failure, integration, lease)
            .await;
        if let Err(error) = result {
            tracing::error!(%error, "the run is left to be ended by the next one");
        }
        if let Err(error) = self.ask_for_waiting_mails(ender.workspace_id).await {
            tracing::warn!(%error, "mails wait until they are found in the outbox");
        }
    }

    /// Ends runs that held the lease and never came back, and asks for the mails that tell about
    /// them. Runs that ended, or of which nothing is known, are left as they are. What cannot be read
    /// of a run does not keep it, and those after it, from ending.
    pub(crate) async fn end_lost(
        &self,
        ender: &Ender<'_>,
        lost: &[RunId],
        failure: RunFailure,
        integration: Option<&Integration>,
        lease: &Lease,
    ) -> Result<(), RunError> {
        let id = ender.workspace_id;
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
            let (_, mails) = ender
                .end(run, report, integration, Some(lease), (self.clock)())
                .await?;
            mail_ids.extend(mails);
        }
        self.queues.send_mails(id, &mail_ids).await?;
        Ok(())
    }
}
