//! The current X-Ray trace. It continues from a message to the messages that it causes, from the
//! schedule to the mail.

use std::env;

tokio::task_local! {
    static HEADER: Option<String>;
}

/// Runs `work` as part of the trace in a message's `AWSTraceHeader`. Without one it is part of the
/// invocation's trace.
pub async fn within<F: Future>(header: Option<String>, work: F) -> F::Output {
    HEADER.scope(header, work).await
}

/// Returns the header of the current trace, for the next message: that of [`within`], else the
/// invocation's (`_X_AMZN_TRACE_ID`, which Lambda's runtime sets for every invocation).
pub fn header() -> Option<String> {
    HEADER
        .try_with(Clone::clone)
        .ok()
        .flatten()
        .or_else(|| env::var("_X_AMZN_TRACE_ID").ok())
}

/// Returns the id of the trace in a header such as `Root=1-…;Parent=…;Sampled=1`, for log lines.
pub fn id(header: &str) -> Option<&str> {
    header
        .split(';')
        .find_map(|part| part.strip_prefix("Root="))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_a_message_leads_to_belongs_to_its_trace() {
        let message = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1";
        let next = within(Some(message.into()), async { header() }).await;
        assert_eq!(next.as_deref(), Some(message));
        assert_eq!(id(message), Some("1-5759e988-bd862e3fe1be46a994272793"));
    }
}
