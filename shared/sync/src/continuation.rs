//! Continuation when the invocation's time runs out, at the end of its 14th minute: no further step
//! begins, the lease is handed over, and another message continues the run.

use std::time::Duration;

use storage::StoreError;
use storage::queues::RunMessage;
use storage::seats_and_lease::Lease;
use tokio::time::Instant;

use crate::run::{InvocationOutcome, Runner};

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
    pub(crate) async fn continue_later(
        &self,
        message: &RunMessage,
        lease: &Lease,
    ) -> Result<InvocationOutcome, StoreError> {
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
}
