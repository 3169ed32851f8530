//! The waits before DynamoDB is asked again for what it left out of a batch, because a table was too busy for it.

use std::time::Duration;

use lambda::backoff::Backoff;
use lambda::jitter::jitter;
use tokio::time::sleep;

use crate::error::StoreError;

const FIRST_WAIT: Duration = Duration::from_millis(50);
const LONGEST_WAIT: Duration = Duration::from_secs(2);

/// How long one batch is asked for again.
const PATIENCE: Duration = Duration::from_secs(20);

/// The waits of one batch.
#[derive(Debug)]
pub(crate) struct UnprocessedWaits {
    operation: &'static str,
    backoff: Backoff,
}

impl UnprocessedWaits {
    /// Begins the waits of a batch of this API operation.
    pub(crate) fn begin(operation: &'static str) -> Self {
        Self {
            operation,
            backoff: Backoff::begin(FIRST_WAIT, LONGEST_WAIT, PATIENCE),
        }
    }

    /// Waits before the rest of the batch is asked for again.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the table has been too busy for 20 seconds.
    pub(crate) async fn wait(&mut self) -> Result<(), StoreError> {
        let Some(wait) = self.backoff.next_wait(jitter()) else {
            return Err(StoreError::Unavailable {
                operation: self.operation,
                code: "unprocessed".to_owned(),
                message: "the table stayed too busy for a part of the batch".to_owned(),
            });
        };
        sleep(wait).await;
        Ok(())
    }
}
