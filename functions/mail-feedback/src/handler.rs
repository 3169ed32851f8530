//! Notes what SES tells on the invitation it is about.

use aws_lambda_events::event::sqs::{SqsBatchResponse, SqsMessage};
use lambda::catch_panic::{Panicked, catch_panic};
use lambda::clock;
use lambda::metrics::Metrics;
use storage::Store;
use storage::StoreError;

use crate::event::{Event, Mail};

/// What the admin reads about a complaint: the mail did arrive.
const COMPLAINT: &str = "招待メールが受信者により迷惑メールとして報告されました";

/// What SES publishes once to a topic that it is told to use: a text, and no event.
const TOPIC_VALIDATED: &str = "Successfully validated SNS topic for Amazon SES event publishing.";

/// Why an event could not be noted. The queue brings it again.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FeedbackError {
    /// Not what SES publishes. The text is not quoted: it holds addresses.
    #[error("the message is no event of SES")]
    Unreadable,
    /// The table did not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A bug.
    #[error(transparent)]
    Panicked(#[from] Panicked),
}

/// Deals with a batch; answers with the messages that the queue is to bring again.
pub(crate) async fn handle(store: &Store, messages: Vec<SqsMessage>) -> SqsBatchResponse {
    each(messages, async |body| one(store, body).await).await
}

/// Deals with each message by itself: one that fails, or panics, holds up no other.
async fn each(
    messages: Vec<SqsMessage>,
    deal: impl AsyncFn(&str) -> Result<(), FeedbackError>,
) -> SqsBatchResponse {
    let mut response = SqsBatchResponse::default();
    for message in messages {
        let dealt = catch_panic(deal(message.body.as_deref().unwrap_or_default())).await;
        if let Err(error) = dealt.map_err(FeedbackError::from).flatten() {
            let message_id = message.message_id.unwrap_or_default();
            tracing::error!(message_id, %error, "the feedback was not noted");
            response.add_failure(message_id);
        }
    }
    response
}

/// Deals with one event, written as SES writes it.
///
/// # Errors
/// [`FeedbackError`].
pub(crate) async fn one(store: &Store, body: &str) -> Result<(), FeedbackError> {
    if body.trim() == TOPIC_VALIDATED {
        return Ok(());
    }
    let event = serde_json::from_str(body).map_err(|_| FeedbackError::Unreadable)?;
    let (metric, mail, said) = match &event {
        Event::Bounce { mail, bounce } => {
            let said = |reason| format!("招待メールが届きませんでした({reason})");
            ("MailBounces", mail, bounce.reason().map(said))
        }
        Event::Complaint { mail } => ("MailComplaints", mail, Some(COMPLAINT.to_owned())),
        Event::Other => return Ok(()),
    };
    if let Some(said) = said {
        note(store, mail, &said).await?;
    }
    Metrics::new(clock::now()).count(metric, 1_u32).print();
    Ok(())
}

async fn note(store: &Store, mail: &Mail, said: &str) -> Result<(), StoreError> {
    let Some(invitation) = mail.invitation() else {
        tracing::warn!("a mail to admins came back or was reported");
        return Ok(());
    };
    let (workspace_id, user_id) = (&invitation.workspace_id, &invitation.user_id);
    let open = store
        .note_bounce(workspace_id, user_id, invitation.serial, said)
        .await?;
    tracing::info!(%workspace_id, %user_id, open, "an invitation came back or was reported");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_message_that_panics_comes_again_and_takes_no_other_along() {
        let message = |id: &str| {
            let mut message = SqsMessage::default();
            message.message_id = Some(id.into());
            message.body = Some(id.into());
            message
        };
        let messages = vec![message("good"), message("poison"), message("good too")];
        let response = each(messages, async |body| {
            assert_ne!(body, "poison");
            Ok(())
        });
        let failures = response.await.batch_item_failures;
        let failed: Vec<_> = failures
            .iter()
            .map(|failure| failure.item_identifier.as_str())
            .collect();
        assert_eq!(failed, ["poison"]);
    }
}
