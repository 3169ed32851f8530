//! One batch of messages: each is a mail of its own, and what goes wrong with one of them is
//! answered for that one only.

use std::time::Duration;

use aws_lambda_events::event::sqs::{SqsBatchResponse, SqsMessage};
use lambda::catch_panic::catch_panic;
use lambda::clock;
use lambda::metrics::Metrics;
use lambda::trace;
use storage::queues::{MailMessage, Queues};
use storage::redelivery::{Queue, Redelivery};
use tokio::time::{Instant, timeout};
use tracing::{Instrument, info_span};

use crate::deliver::Delivery;
use crate::error::DeliveryError;

/// How long one mail may take, the waits for SES included.
const ONE_MAIL: Duration = Duration::from_secs(20);

/// No mail is begun after this: the function ends after 60 seconds, and a mail whose delivery is cut
/// off might be sent twice.
const LAST_BEGINNING: Duration = Duration::from_secs(38);

/// Delivers the mails one after another, since SES limits the mails a second; answers with those
/// that the queue is to bring again, soon.
pub async fn handle(
    delivery: &Delivery,
    queues: &Queues,
    messages: Vec<SqsMessage>,
) -> SqsBatchResponse {
    let started = Instant::now();
    let mut response = SqsBatchResponse::default();
    let mut throttled = false;
    for message in messages {
        let message_id = message.message_id.clone().unwrap_or_default();
        let delivered = if throttled || started.elapsed() > LAST_BEGINNING {
            Err(DeliveryError::NotBegun)
        } else {
            one(delivery, &message).await
        };
        if let Err(error) = delivered {
            // The others would fare no better at this moment.
            throttled |= matches!(error, DeliveryError::Throttled(_));
            match error {
                DeliveryError::InOtherHands
                | DeliveryError::Throttled(_)
                | DeliveryError::NotBegun => tracing::warn!(message_id, %error, "the mail waits"),
                _ => {
                    tracing::error!(message_id, %error, "the mail was not delivered");
                    let failed = Metrics::new(clock::now()).count("MailsFailed", 1_u32);
                    failed.print();
                }
            }
            let again = Redelivery::of(message.receipt_handle.as_deref(), &message.attributes);
            queues.deliver_again(Queue::Mail, again).await;
            response.add_failure(message_id);
        }
    }
    response
}

async fn one(delivery: &Delivery, message: &SqsMessage) -> Result<(), DeliveryError> {
    let body = message.body.as_deref().unwrap_or_default();
    let mail: MailMessage = serde_json::from_str(body).map_err(|_| DeliveryError::Unreadable)?;
    let trace = message.attributes.get("AWSTraceHeader");
    let span = info_span!(
        "mail",
        trace_id = trace.and_then(|header| trace::id(header))
    );
    let deliver = Box::pin(delivery.deliver(&mail, clock::now()));
    guarded(ONE_MAIL, deliver.instrument(span)).await
}

/// Delivers in such a way that a panic or a wait without end takes nothing else along.
async fn guarded(
    limit: Duration,
    delivery: impl Future<Output = Result<(), DeliveryError>>,
) -> Result<(), DeliveryError> {
    timeout(limit, catch_panic(delivery))
        .await
        .unwrap_or_else(|_elapsed| Ok(Err(DeliveryError::TookTooLong)))?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_fails_its_own_mail_only() {
        let delivered = guarded(ONE_MAIL, async { panic!("poison") }).await;
        assert!(matches!(delivered, Err(DeliveryError::Panicked(_))));
    }

    #[tokio::test]
    async fn a_delivery_that_hangs_is_given_up() {
        let delivered = guarded(Duration::from_millis(5), std::future::pending()).await;
        assert!(matches!(delivered, Err(DeliveryError::TookTooLong)));
    }
}
