//! Batches of SQS messages: each message is processed by itself, and one that fails or panics fails no
//! other. SQS delivers again what the response names.

use tracing::{Instrument, Span};

use crate::catch_panic::{Panicked, catch_panic};
use crate::trace;

pub use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent, SqsMessage};

/// Processes the messages one after another, each within its own trace and the span that `span_of` returns,
/// and passes failures to `failed`, which logs them.
pub async fn process_each<E: From<Panicked>>(
    messages: Vec<SqsMessage>,
    span_of: impl Fn(&SqsMessage) -> Span,
    process: impl AsyncFn(&SqsMessage) -> Result<(), E>,
    failed: impl AsyncFn(&SqsMessage, E),
) -> SqsBatchResponse {
    let mut response = SqsBatchResponse::default();
    for message in messages {
        let header = trace_header(&message).map(str::to_owned);
        let span = span_of(&message);
        let work = Box::pin(trace::within(header, process(&message)));
        let done = catch_panic(work).instrument(span.clone()).await;
        if let Err(error) = done.map_err(E::from).flatten() {
            failed(&message, error).instrument(span).await;
            response.add_failure(message.message_id.unwrap_or_default());
        }
    }
    response
}

/// Returns the body of a message; empty if it has none.
pub fn body(message: &SqsMessage) -> &str {
    message.body.as_deref().unwrap_or_default()
}

/// Returns the id of the trace that a message belongs to, for spans.
pub fn trace_id(message: &SqsMessage) -> Option<&str> {
    trace_header(message).and_then(trace::id)
}

fn trace_header(message: &SqsMessage) -> Option<&str> {
    let header = message.attributes.get("AWSTraceHeader");
    header.map(String::as_str)
}

/// Returns how often SQS has delivered a message, this time included.
pub fn deliveries(message: &SqsMessage) -> u32 {
    let count = message.attributes.get("ApproximateReceiveCount");
    count.and_then(|count| count.parse().ok()).unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_message_that_panics_fails_no_other() {
        let messages = ["good", "poison", "good too"].map(|id| {
            let mut message = SqsMessage::default();
            message.message_id = Some(id.into());
            message
        });
        let process = async |message: &SqsMessage| {
            assert_ne!(message.message_id.as_deref(), Some("poison"));
            Ok::<_, Panicked>(())
        };
        let response =
            process_each(messages.into(), |_| Span::none(), process, async |_, _| {}).await;
        let failures = response.batch_item_failures;
        assert_eq!(failures.len(), 1);
        assert_eq!(failures[0].item_identifier, "poison");
    }
}
