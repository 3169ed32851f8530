//! Sets the time at which the queue delivers a failed message again. By default it would wait for
//! as long as an invocation may take.

use lambda::sqs_batch::{SqsMessage, deliveries};

use crate::error::StoreError;
use crate::queues::{QueueUrls, Queues};

impl Queues {
    /// Lets the queue deliver a failed message again soon, with a longer wait after every failure.
    /// If SQS does not answer, the message is delivered after its visibility timeout.
    pub async fn deliver_again(&self, message: &SqsMessage) {
        let Some(url) = self.url_of(message) else {
            tracing::warn!("the message came from none of our queues");
            return;
        };
        let changed = self
            .client
            .change_message_visibility()
            .queue_url(url)
            .receipt_handle(message.receipt_handle.as_deref().unwrap_or_default())
            .visibility_timeout(wait_seconds(deliveries(message)))
            .send()
            .await
            .map_err(StoreError::from_sdk("ChangeMessageVisibility"));
        if let Err(error) = changed {
            tracing::warn!(%error, "the message is redelivered after its visibility timeout");
        }
    }

    /// Returns the URL of the queue that a message came from. The last part of both the queue's ARN and
    /// its URL is its name.
    fn url_of(&self, message: &SqsMessage) -> Option<&String> {
        let name = message.event_source_arn.as_deref()?.rsplit(':').next()?;
        let QueueUrls {
            sync,
            manual_sync,
            mail,
        } = &self.urls;
        [sync, manual_sync, mail]
            .into_iter()
            .find(|url| url.rsplit('/').next() == Some(name))
    }
}

/// Returns the wait after this many deliveries: half a minute, then four times as long each time, at
/// most a quarter of an hour.
fn wait_seconds(deliveries: u32) -> i32 {
    const FIRST: i32 = 30;
    const LONGEST: i32 = 900;
    FIRST
        .saturating_mul(4_i32.saturating_pow(deliveries.saturating_sub(1)))
        .min(LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_that_fails_waits_longer_each_time() {
        let waits = [1, 2, 3, 4, 5, u32::MAX].map(wait_seconds);
        assert_eq!(waits, [30, 120, 480, 900, 900, 900]);
    }
}
