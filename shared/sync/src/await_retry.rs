//! A night's run that SmartHR did not answer comes again: it stays under way without a lease, and a
//! message with the time of its next attempt goes from delay to delay.
//!
//! SQS delays a message by 15 minutes at most. A run that was killed before it sent that message is stored as
//! waiting, so that its redelivery sends it. Admins may sync by hand meanwhile.

use domain::{OutageRetry, Run};
use jiff::SignedDuration;
use storage::StoreError;
use storage::queues::{LONGEST_DELAY, RunMessage};
use storage::seats_and_lease::Lease;

use crate::run::{InvocationOutcome, Runner};

impl Runner {
    /// Stores when the run is tried again, releases its lease, and sends the message that does it. A run
    /// that dies in between is stored as waiting, and the next delivery of its message sends it.
    pub(crate) async fn await_retry(
        &self,
        message: &RunMessage,
        mut run: Run,
        retry: OutageRetry,
        lease: &Lease,
    ) -> Result<InvocationOutcome, StoreError> {
        let reason = retry.failure.code();
        tracing::warn!(reason, at = %retry.at, "SmartHR is unavailable; the run is tried again");
        run.retry = Some(retry.clone());
        self.store
            .await_retry(&message.workspace_id, &run, lease, (self.clock)())
            .await?;
        self.send_retry(message, &retry).await
    }

    /// Sends the message of the next attempt.
    pub(crate) async fn send_retry(
        &self,
        message: &RunMessage,
        retry: &OutageRetry,
    ) -> Result<InvocationOutcome, StoreError> {
        let next = RunMessage {
            not_before: Some(retry.at),
            ..message.clone()
        };
        self.send_not_before(&next).await
    }

    /// Sends a message again that comes too early, with the longest delay that leads to its time.
    pub(crate) async fn send_not_before(
        &self,
        message: &RunMessage,
    ) -> Result<InvocationOutcome, StoreError> {
        let wait = message
            .not_before
            .map_or(SignedDuration::ZERO, |at| at.duration_since((self.clock)()));
        let seconds = i32::try_from(wait.as_secs()).unwrap_or(LONGEST_DELAY);
        let delay = seconds.saturating_add(1).clamp(0, LONGEST_DELAY);
        self.queues.send_run(message, delay).await?;
        Ok(InvocationOutcome::AwaitsRetry)
    }
}
