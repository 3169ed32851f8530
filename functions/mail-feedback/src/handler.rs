//! A batch of messages: each is an event of SES, which is recorded on the invitation, or the initial passwords, that it is about.

use std::time::Duration;

use lambda::catch_panic::Panicked;
use lambda::clock;
use lambda::metrics::Metrics;
use lambda::sqs_batch::{SqsBatchResponse, SqsMessage, body, process_each, trace_id};
use storage::invitation_mails::Feedback;
use storage::{Store, StoreError};
use tokio::time::Instant;

use crate::event::{ComplaintKind, Event, Mail, SUPPRESSED};
use crate::reputation::count;

/// The text that admins read about a complaint; the mail did arrive.
const COMPLAINT: &str = "招待メールが受信者により迷惑メールとして報告されました";

/// The reason that admins read about a mail in which SES found a virus.
const REJECTED: &str = "メールの内容が配信サービスに拒否されました";

/// The text that SES publishes once to a new topic; it is not an event.
const TOPIC_VALIDATED: &str = "Successfully validated SNS topic for Amazon SES event publishing.";

/// The time before the end of the invocation in which no further event is begun. Those that were recorded would come again as
/// well if the function were cut off.
const TIME_FOR_ONE: Duration = Duration::from_secs(8);

/// The reason why an event was not recorded. SQS delivers its message again.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FeedbackError {
    /// The message is not an event of SES. It is not quoted, because it contains addresses.
    #[error("the message is no event of SES")]
    Unreadable,
    /// DynamoDB did not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Earlier events used up the time of the invocation.
    #[error("this invocation records no further event")]
    NotBegun,
    /// Recording the event panicked.
    #[error(transparent)]
    Panicked(#[from] Panicked),
}

/// Records the events of a batch until shortly before `deadline`, the end of the invocation. The response names those that SQS
/// delivers again.
pub async fn handle(
    store: &Store,
    messages: Vec<SqsMessage>,
    deadline: Instant,
) -> SqsBatchResponse {
    let process = async |message: &SqsMessage| {
        if Instant::now() + TIME_FOR_ONE > deadline {
            return Err(FeedbackError::NotBegun);
        }
        note_event(store, body(message)).await
    };
    let failed = async |_: &SqsMessage, error: FeedbackError| {
        if matches!(error, FeedbackError::NotBegun) {
            tracing::warn!(%error, "the feedback waits");
        } else {
            tracing::error!(%error, "the feedback was not recorded");
        }
    };
    let span_of = |message: &SqsMessage| {
        tracing::info_span!(
            "feedback",
            message_id = message.message_id,
            trace_id = trace_id(message)
        )
    };
    process_each(messages, span_of, process, failed).await
}

async fn note_event(store: &Store, body: &str) -> Result<(), FeedbackError> {
    if body.trim() == TOPIC_VALIDATED {
        return Ok(());
    }
    let event = serde_json::from_str(body).map_err(|_| FeedbackError::Unreadable)?;
    let not_arrived = |mail: &Mail, reason| format!("{}が届きませんでした({reason})", mail.name());
    let (metric, mail, note, counted) = match &event {
        Event::Bounce { mail, bounce } => (
            "MailBounces",
            mail,
            bounce.reason().map(|reason| not_arrived(mail, reason)),
            bounce.counts().then_some(Feedback::Bounced),
        ),
        Event::Complaint { mail, complaint } => match complaint.kind() {
            ComplaintKind::Spam => (
                "MailComplaints",
                mail,
                // A complaint about initial passwords is not noted: the mail arrived.
                mail.invitation().map(|_| COMPLAINT.to_owned()),
                Some(Feedback::Complained),
            ),
            ComplaintKind::Suppressed => (
                "MailBounces",
                mail,
                Some(not_arrived(mail, SUPPRESSED)),
                None,
            ),
            ComplaintKind::NotSpam => return Ok(()),
        },
        Event::Reject { mail } => (
            "MailsRejected",
            mail,
            Some(not_arrived(mail, REJECTED)),
            None,
        ),
        Event::Other => return Ok(()),
    };
    if let Some(note) = note {
        match mail.password_issue() {
            Some((workspace_id, issue_id)) => {
                let noted = store.note_password_bounce(&workspace_id, issue_id, &note);
                let known = noted.await?;
                tracing::warn!(%workspace_id, issue_id, known, "a mail about initial passwords bounced");
            }
            None => note_on_invitation(store, mail, &note).await?,
        }
    }
    if let Some((invitation, counted)) = mail.invitation().zip(counted) {
        let sent_at = mail.timestamp.unwrap_or_else(clock::now);
        count(store, &invitation, sent_at, counted).await?;
    }
    Metrics::new(clock::now()).count(metric, 1_u32).print();
    Ok(())
}

async fn note_on_invitation(store: &Store, mail: &Mail, note: &str) -> Result<(), StoreError> {
    let Some(invitation) = mail.invitation() else {
        tracing::warn!("a mail to admins bounced or was reported as spam");
        return Ok(());
    };
    let (workspace_id, user_id) = (&invitation.workspace_id, &invitation.user_id);
    let open = store
        .note_bounce(workspace_id, user_id, invitation.serial, note)
        .await?;
    tracing::info!(%workspace_id, %user_id, open, "an invitation bounced or was reported as spam");
    Ok(())
}
