//! The run of a workspace whose own record, or that of its connection, cannot be read, as after a roll-back.

use domain::{Mode, RunFailure};
use storage::queues::RunMessage;

use crate::begin_run::BegunRun;
use crate::report::Report;
use crate::run::{InvocationOutcome, RunError, Runner};
use crate::unfinished_runs::Abandoned;

impl Runner {
    /// Ends the run or preview of `message` as failed by our mistake: a later delivery could not read the record
    /// either, and history and alarms shall say so.
    pub(crate) async fn fail_unreadable(
        &self,
        message: &RunMessage,
        last_delivery: bool,
    ) -> Result<InvocationOutcome, RunError> {
        let id = &message.workspace_id;
        let acquired = match message.mode {
            Mode::Preview => None,
            Mode::Apply => {
                let acquired = self.store.acquire_lease(
                    id,
                    &message.run_id,
                    message.continuation,
                    (self.clock)(),
                );
                let Some(acquired) = acquired.await? else {
                    return self.postpone(message).await;
                };
                Some(acquired)
            }
        };
        let connection = self.store.connection_to_show(id).await?;
        let finalizer = self.finalizer(id, last_delivery);
        if let Some(acquired) = &acquired {
            let (unended, lease) = (&acquired.unended, &acquired.lease);
            let why = Abandoned::Crashed;
            self.finalize_abandoned_runs(&finalizer, unended, why, connection.as_ref(), lease)
                .await?;
        }
        let (mut run, applied) = match self.begin(message).await? {
            BegunRun::Unfinished(run, applied) => (run, applied),
            BegunRun::Ended(run) => {
                if let Some(acquired) = acquired {
                    let mut ended = acquired.unended;
                    ended.push(run.run_id.clone());
                    self.store
                        .release_lease(id, &acquired.lease, &ended)
                        .await?;
                }
                return Ok(InvocationOutcome::EndedBefore(run));
            }
        };
        run.retry = None;
        let lease = acquired.as_ref().map(|acquired| &acquired.lease);
        let report = Report::of_failure(applied.rows, RunFailure::Internal);
        let (run, mail_ids) = finalizer
            .end(run, report, connection.as_ref(), lease, (self.clock)())
            .await?;
        self.queues.send_mails(id, &mail_ids).await?;
        Ok(InvocationOutcome::Ended(run))
    }
}
