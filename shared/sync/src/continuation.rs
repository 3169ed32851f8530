//! The end of an invocation: 15 seconds before Lambda ends it no further step begins, the lease is handed over to the
//! next message, and that message continues the run.
//!
//! The continuation reads SmartHR again, and no copy of the read is stored. Reading 100,000 people is a thousand
//! requests, which take less than two minutes under SmartHR's limit, and continuations are rare. A stored copy would
//! be personal data at rest, and later steps would act on what SmartHR no longer says.

use std::time::Duration;

use storage::queues::RunMessage;
use storage::seats_and_lease::Lease;
use tokio::time::Instant;

use crate::run::{InvocationOutcome, RunError, Runner};

/// The most messages that continue a run. After a day of invocations the run is a loop of ours, for which Lambda no
/// longer looks (`RecursiveLoop` in the template).
const MOST_CONTINUATIONS: u32 = 100;

/// How often a message is put back: once a minute for a day.
const MOST_POSTPONED: u32 = 24 * 60;

/// The time before the end of the invocation at which no further step begins.
const LAST_STEP_BEFORE_END: Duration = Duration::from_secs(15);

/// Returns the time until which steps may begin in an invocation that Lambda ends at `deadline`.
pub(crate) fn last_step(deadline: Instant) -> Instant {
    deadline
        .checked_sub(LAST_STEP_BEFORE_END)
        .unwrap_or(deadline)
}

impl Runner {
    /// Sends the message that continues the run, and keeps the lease for it.
    ///
    /// # Errors
    /// [`RunError::TooManyMessages`] when the run has been continued for a day.
    pub(crate) async fn continue_later(
        &self,
        message: &RunMessage,
        lease: &Lease,
    ) -> Result<InvocationOutcome, RunError> {
        if message.continuation >= MOST_CONTINUATIONS {
            return Err(RunError::TooManyMessages);
        }
        let next = RunMessage {
            continuation: message.continuation + 1,
            ..message.clone()
        };
        self.store
            .hand_over_lease(
                &message.workspace_id,
                lease,
                next.continuation,
                (self.clock)(),
            )
            .await?;
        self.queues.send_run(&next, 0).await?;
        Ok(InvocationOutcome::Continues)
    }

    /// Sends the message again with a delay, because another run of the workspace is under way.
    ///
    /// # Errors
    /// [`RunError::TooManyMessages`] when that was so for a day.
    pub(crate) async fn postpone(
        &self,
        message: &RunMessage,
    ) -> Result<InvocationOutcome, RunError> {
        const A_MINUTE: i32 = 60;
        if message.postponed >= MOST_POSTPONED {
            return Err(RunError::TooManyMessages);
        }
        let again = RunMessage {
            postponed: message.postponed + 1,
            ..message.clone()
        };
        self.queues.send_run(&again, A_MINUTE).await?;
        Ok(InvocationOutcome::Postponed)
    }
}
