//! The end of runs that nobody continues: each end reports what the run did and sends the initial
//! passwords that it issued.

use domain::{Connection, Mode, RunFailure, RunId, RunOutcome};
use storage::queues::RunMessage;
use storage::seats_and_lease::{AcquiredLease, Lease};

use crate::day_entry::rows_of_day;
use crate::finalize::RunFinalizer;
use crate::report::Report;
use crate::run::{InvocationOutcome, RunError, Runner};

/// Why nobody continues a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Abandoned {
    /// It had the lease and never came back.
    Crashed,
    /// Its message was delivered for the last time.
    GivenUp,
    /// The sync was switched off, or the workspace disconnected.
    Stopped,
}

impl Runner {
    /// Ends the runs that were under way when the sync was switched off or the workspace disconnected.
    pub(crate) async fn finalize_stopped_runs(
        &self,
        message: &RunMessage,
        connection: Option<&Connection>,
        last_delivery: bool,
    ) -> Result<InvocationOutcome, RunError> {
        let id = &message.workspace_id;
        let is_unended = !self.store.seats_and_lease(id).await?.unended.is_empty();
        if !is_unended && !self.is_unended(message).await? {
            return Ok(InvocationOutcome::NothingToDo);
        }
        let acquired = self
            .store
            .acquire_lease(id, &message.run_id, message.continuation, (self.clock)())
            .await?;
        let Some(AcquiredLease {
            lease, mut unended, ..
        }) = acquired
        else {
            return self.postpone(message).await;
        };
        // The message's own run comes last, because its end releases the lease.
        unended.push(message.run_id.clone());
        let finalizer = self.finalizer(id, last_delivery);
        self.finalize_abandoned_runs(&finalizer, &unended, Abandoned::Stopped, connection, &lease)
            .await?;
        self.send_waiting_mails(id).await?;
        self.store.release_lease(id, &lease, &unended).await?;
        Ok(InvocationOutcome::NothingToDo)
    }

    /// Ends the run of a message in its last delivery as failed. If even that fails, the next run ends
    /// it.
    pub(crate) async fn finalize_as_failed(
        &self,
        message: &RunMessage,
        connection: Option<&Connection>,
        lease: &Lease,
    ) {
        let run_id = std::slice::from_ref(&message.run_id);
        let finalizer = self.finalizer(&message.workspace_id, true);
        let result = self
            .finalize_abandoned_runs(&finalizer, run_id, Abandoned::GivenUp, connection, lease)
            .await;
        if let Err(error) = result {
            tracing::error!(%error, "the next run will end this one");
        }
        if let Err(error) = self.send_waiting_mails(finalizer.workspace_id).await {
            tracing::warn!(%error, "the mails wait in the outbox");
        }
    }

    /// Returns whether the message's own run began and did not end. The end of another run takes one that
    /// awaits its next attempt off the list of unended ones.
    pub(crate) async fn is_unended(&self, message: &RunMessage) -> Result<bool, RunError> {
        let (id, run_id) = (&message.workspace_id, &message.run_id);
        let run = self.store.run(id, run_id, Mode::Apply).await?;
        Ok(run.is_some_and(|run| run.outcome == RunOutcome::Running))
    }

    /// Ends runs that nobody continues, and sends their mails to the queue. Skips runs that ended, have
    /// no record or are yet to be tried again. A run with unreadable rows ends without them.
    pub(crate) async fn finalize_abandoned_runs(
        &self,
        finalizer: &RunFinalizer<'_>,
        run_ids: &[RunId],
        why: Abandoned,
        connection: Option<&Connection>,
        lease: &Lease,
    ) -> Result<(), RunError> {
        let id = finalizer.workspace_id;
        let mut mail_ids = Vec::new();
        for run_id in run_ids {
            let Some(mut run) = self.store.run(id, run_id, Mode::Apply).await? else {
                continue;
            };
            let is_expected = why == Abandoned::Crashed && run.is_expected_again((self.clock)());
            if run.outcome != RunOutcome::Running || is_expected {
                continue;
            }
            let outage = run.retry.take().map(|retry| retry.failure);
            let failure = match why {
                Abandoned::Crashed | Abandoned::GivenUp => outage.unwrap_or(RunFailure::Internal),
                Abandoned::Stopped => RunFailure::Stopped,
            };
            let applied = self.store.rows(id, run_id).await?;
            let report = match applied.missing {
                // What it did not do, the night does.
                _ if run.is_day_entry() => {
                    let rows = rows_of_day(applied.rows);
                    Report::of_day(&run, rows, Report::default())
                }
                None => Report::of_failure(applied.rows, failure),
                Some(error) => {
                    tracing::error!(%error, %run_id, "the run ends without its unreadable rows");
                    Report::of_unreadable(applied.rows)
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
