//! A batch of messages: each asks for one mail, and fails independently.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use domain::{has_initial_passwords, is_chat_post};
use lambda::clock;
use lambda::metrics::Metrics;
use lambda::sqs_batch::{SqsBatchResponse, SqsMessage, body, process_each, trace_id};
use storage::queues::MailMessage;
use tokio::time::{Instant, timeout};
use tracing::{Span, info_span};

use crate::deliver_once::Delivery;
use crate::error::DeliveryError;

/// The time limit of one mail, including the waits for SES.
const TIME_LIMIT: Duration = Duration::from_secs(20);

/// When a mail with initial passwords ends at the latest, from the beginning of the invocation: its people, of whom
/// there may be a hundred thousand, are read and their passwords made again. Messages behind it come again.
const PASSWORDS_END: Duration = LAST_BEGINNING.saturating_add(TIME_LIMIT);

/// The time after which no mail is begun. The function ends after 60 seconds, and a mail whose delivery
/// is interrupted might be sent twice.
const LAST_BEGINNING: Duration = Duration::from_secs(38);

/// Delivers the mails one after another, because SES limits the mails per second, and then the posts to chats, which
/// may not answer. The response names the messages that SQS delivers again soon.
pub async fn handle(delivery: &Delivery, mut messages: Vec<SqsMessage>) -> SqsBatchResponse {
    messages.sort_by_key(asks_for_post);
    let started = Instant::now();
    // While SES throttles one mail, it would throttle the rest of the batch.
    let throttled = AtomicBool::new(false);
    let process = async |message: &SqsMessage| {
        if throttled.load(Ordering::Relaxed) || started.elapsed() > LAST_BEGINNING {
            return Err(DeliveryError::NotBegun);
        }
        let mail: MailMessage =
            serde_json::from_str(body(message)).map_err(|_| DeliveryError::Unreadable)?;
        let delivered = Box::pin(delivery.deliver(&mail, clock::now()));
        within(time_limit(&mail.mail_id, started.elapsed()), delivered).await
    };
    let failed = async |message: &SqsMessage, error: DeliveryError| {
        if matches!(error, DeliveryError::Throttled(_)) {
            throttled.store(true, Ordering::Relaxed);
        }
        match error {
            DeliveryError::ClaimedByAnother
            | DeliveryError::UserChanged
            | DeliveryError::Throttled(_)
            | DeliveryError::NotBegun => tracing::warn!(%error, "the mail waits"),
            _ => {
                tracing::error!(%error, "the mail was not delivered");
                let failed = Metrics::new(clock::now()).count("MailsFailed", 1_u32);
                failed.print();
            }
        }
        delivery.queues.deliver_again(message).await;
    };
    process_each(messages, span_of, process, failed).await
}

/// Returns the time limit of a mail that is begun when the invocation has taken `elapsed`.
fn time_limit(mail_id: &str, elapsed: Duration) -> Duration {
    if has_initial_passwords(mail_id) {
        PASSWORDS_END.saturating_sub(elapsed).max(TIME_LIMIT)
    } else {
        TIME_LIMIT
    }
}

/// Returns whether a message asks for a post to a chat.
fn asks_for_post(message: &SqsMessage) -> bool {
    let mail: Option<MailMessage> = serde_json::from_str(body(message)).ok();
    mail.is_some_and(|mail| is_chat_post(&mail.mail_id))
}

/// Returns the span of a message, whose fields are in every line about its mail.
fn span_of(message: &SqsMessage) -> Span {
    let mail: Option<MailMessage> = serde_json::from_str(body(message)).ok();
    info_span!(
        "mail",
        message_id = message.message_id,
        workspace_id = mail.as_ref().map(|it| it.workspace_id.as_str()),
        mail_id = mail.as_ref().map(|it| it.mail_id.as_str()),
        trace_id = trace_id(message),
    )
}

async fn within(
    limit: Duration,
    delivered: impl Future<Output = Result<(), DeliveryError>>,
) -> Result<(), DeliveryError> {
    timeout(limit, delivered)
        .await
        .map_err(|_elapsed| DeliveryError::TookTooLong)?
}

#[cfg(test)]
mod tests {
    use domain::{MailKind, OutboxMail, RunId};
    use jiff::Timestamp;

    use super::*;

    #[test]
    fn passwords_of_a_whole_company_may_take_what_is_left_of_the_invocation_and_other_mails_may_not()
     {
        let run = RunId::new("20261122T170000Z-schedule");
        let now = Timestamp::UNIX_EPOCH;
        let of_run = OutboxMail::new(MailKind::InitialPasswords { run_id: run }, now).mail_id;
        let issue_id = "a".into();
        let issued = OutboxMail::new(MailKind::IssuedPasswords { issue_id }, now).mail_id;
        let other = OutboxMail::new(MailKind::Connected, now).mail_id;
        let limits = |elapsed| {
            let elapsed = Duration::from_secs(elapsed);
            [&of_run, &issued, &other].map(|mail_id| time_limit(mail_id, elapsed).as_secs())
        };
        assert_eq!(limits(0), [58, 58, 20]);
        assert_eq!(limits(38), [20, 20, 20], "the function ends after a minute");
    }

    #[tokio::test]
    async fn a_delivery_that_hangs_is_given_up() {
        let delivered = within(Duration::from_millis(5), std::future::pending()).await;
        assert!(matches!(delivered, Err(DeliveryError::TookTooLong)));
    }
}
