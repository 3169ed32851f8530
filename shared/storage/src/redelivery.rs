//! When the queue brings a message again that could not be dealt with. Left alone it would wait as
//! long as an invocation may take.

use std::collections::HashMap;

use crate::error::StoreError;
use crate::queues::Queues;

/// A message that is to be delivered again, in the words of the event that brought it.
#[derive(Clone, Copy, Debug)]
pub struct Redelivery<'a> {
    receipt_handle: &'a str,
    /// How often it was delivered so far.
    deliveries: u32,
}

/// Which of our queues.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Queue {
    /// Runs.
    Sync,
    /// Mails.
    Mail,
}

impl<'a> Redelivery<'a> {
    /// Of a message with these `receiptHandle` and `attributes`.
    pub fn of(receipt_handle: Option<&'a str>, attributes: &HashMap<String, String>) -> Self {
        let deliveries = attributes.get("ApproximateReceiveCount");
        Self {
            receipt_handle: receipt_handle.unwrap_or_default(),
            deliveries: deliveries.and_then(|count| count.parse().ok()).unwrap_or(1),
        }
    }

    /// Half a minute, then four times as long each time, up to a quarter of an hour.
    fn wait_seconds(self) -> i32 {
        const FIRST: i32 = 30;
        const LONGEST: i32 = 900;
        let failures_before = self.deliveries.saturating_sub(1);
        FIRST
            .saturating_mul(4_i32.saturating_pow(failures_before))
            .min(LONGEST)
    }
}

impl Queues {
    /// Lets the queue deliver a message again sooner than when its visibility timeout is over, and
    /// later with every failure. Should SQS not answer, it comes when that is over.
    pub async fn deliver_again(&self, queue: Queue, message: Redelivery<'_>) {
        let url = match queue {
            Queue::Sync => &self.sync_url,
            Queue::Mail => &self.mail_url,
        };
        let changed = self
            .client
            .change_message_visibility()
            .queue_url(url)
            .receipt_handle(message.receipt_handle)
            .visibility_timeout(message.wait_seconds())
            .send()
            .await
            .map_err(StoreError::from_sdk("ChangeMessageVisibility"));
        if let Err(error) = changed {
            tracing::warn!(%error, "the message comes when its visibility timeout is over");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_that_fails_waits_longer_each_time() {
        let wait = |count: &str| {
            let attributes = HashMap::from([("ApproximateReceiveCount".into(), count.into())]);
            Redelivery::of(None, &attributes).wait_seconds()
        };
        assert_eq!(
            ["1", "2", "3", "4", "5"].map(wait),
            [30, 120, 480, 900, 900]
        );
        assert_eq!(wait("4294967295"), 900);
    }
}
