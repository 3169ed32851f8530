//! Sending through SES: waits while it throttles, and sends to each recipient alone when it rejects one
//! of several.
//!
//! If SES takes a mail and its answer is lost, the mail goes out twice. Message-ID and Date are SES's own, so that
//! mail programs show two mails.

use std::time::Duration;

use credentials::TokenHash;
use domain::{MailKind, OutboxMail, Workspace};
use jiff::Timestamp;
use lambda::backoff::Backoff;
use lambda::jitter::jitter;
use mail::{Mail, smtp_mailbox};
use secrecy::ExposeSecret;
use storage::mailer::MailError;
use tokio::time::sleep;

use crate::deliver_once::Delivery;
use crate::error::DeliveryError;

/// How long a mail waits for its turn. SES limits mails per second, which all invocations share; `infra/template.yaml`
/// lets as many deliver at the same time as can be served within this time.
pub const PATIENCE: Duration = Duration::from_secs(12);

/// The upper bound of the first wait between two attempts.
const FIRST_WAIT: Duration = Duration::from_millis(300);

/// The upper bound of any wait between two attempts.
const LONGEST_WAIT: Duration = Duration::from_secs(3);

/// The answer of SES to a mail, or to all mails of one entry of the outbox.
pub(crate) enum SesAnswer {
    /// SES accepted every mail for at least one of its recipients.
    Accepted,
    /// SES rejected a mail for all of its recipients, for this reason.
    Rejected(String),
}

struct Envelope<'a> {
    /// The same for every attempt, so that duplicates can be recognised in the log. SES gives each mail a Message-ID of
    /// its own.
    id: String,
    tags: &'a [(&'static str, String)],
}

/// Returns the tags that SES repeats with a bounce or a complaint, for mail-feedback and for operators.
fn tags(workspace: &Workspace, entry: &OutboxMail) -> Vec<(&'static str, String)> {
    match &entry.kind {
        MailKind::Invitation {
            user_id, serial, ..
        } => vec![
            ("workspace_id", workspace.workspace_id.to_string()),
            ("user_id", user_id.to_string()),
            ("serial", serial.to_string()),
        ],
        MailKind::InitialPasswords { run_id } => vec![
            ("workspace_id", workspace.workspace_id.to_string()),
            ("password_issue", run_id.to_string()),
        ],
        MailKind::IssuedPasswords { issue_id } => vec![
            ("workspace_id", workspace.workspace_id.to_string()),
            ("password_issue", issue_id.clone()),
        ],
        _ => vec![("workspace_id", workspace.workspace_id.to_string())],
    }
}

/// Returns a hash of a mail's recipients and content. A list of passwords that has changed is sent
/// again, so that no password is lost. The hash does not reveal the random passwords.
fn mark(mail: &Mail) -> TokenHash {
    let mut content = format!("{}\n{}\n", mail.to.join(","), mail.subject);
    for file in &mail.attachments {
        content.push_str(&String::from_utf8_lossy(file.content.expose_secret()));
    }
    TokenHash::of(&content.into())
}

impl Delivery {
    /// Sends all mails of an entry except those that an earlier delivery sent.
    ///
    /// # Errors
    /// When SES may accept a mail later; mails that it has accepted are not sent again then.
    pub(crate) async fn send(
        &self,
        workspace: &Workspace,
        entry: &OutboxMail,
        mails: &[Mail],
        now: Timestamp,
    ) -> Result<SesAnswer, DeliveryError> {
        let tags = tags(workspace, entry);
        for (number, mail) in mails.iter().enumerate() {
            let mark = mark(mail);
            if entry.parts_sent.contains(mark.as_str()) {
                continue;
            }
            let envelope = Envelope {
                id: format!("{}.{}.{number}", workspace.workspace_id, entry.mail_id),
                tags: &tags,
            };
            if let SesAnswer::Rejected(why) = self.send_one(&envelope, mail, now).await? {
                return Ok(SesAnswer::Rejected(why));
            }
            if mails.len() > 1 {
                self.store
                    .note_part_sent(&workspace.workspace_id, &entry.mail_id, mark.as_str())
                    .await?;
            }
        }
        Ok(SesAnswer::Accepted)
    }

    async fn send_one(
        &self,
        envelope: &Envelope<'_>,
        mail: &Mail,
        now: Timestamp,
    ) -> Result<SesAnswer, DeliveryError> {
        let mut answer = self.hand_to_ses(envelope, mail, now).await?;
        if mail.to.len() < 2 || matches!(answer, SesAnswer::Accepted) {
            return Ok(answer);
        }
        // A recipient whom SES rejects does not keep the mail from the others.
        let mut rejected = Vec::new();
        for recipient in &mail.to {
            let alone = Mail {
                to: vec![recipient.clone()],
                ..mail.clone()
            };
            match self.hand_to_ses(envelope, &alone, now).await? {
                SesAnswer::Accepted => answer = SesAnswer::Accepted,
                SesAnswer::Rejected(reason) => rejected.push(reason),
            }
        }
        if let SesAnswer::Rejected(why) = &mut answer {
            // The caller sees to a mail that reached nobody.
            *why = rejected.pop().unwrap_or_default();
            return Ok(answer);
        }
        for reason in rejected {
            let id = &envelope.id;
            tracing::error!(id, reason, "SES rejects one of the recipients");
        }
        Ok(answer)
    }

    async fn hand_to_ses(
        &self,
        envelope: &Envelope<'_>,
        mail: &Mail,
        now: Timestamp,
    ) -> Result<SesAnswer, DeliveryError> {
        let raw = mail.to_mime(&envelope.id, now)?;
        let recipients = mail.to.iter().map(|it| smtp_mailbox(it).into_owned());
        let recipients: Vec<String> = recipients.collect();
        let mut backoff = Backoff::begin(FIRST_WAIT, LONGEST_WAIT, self.patience);
        loop {
            let message = raw.expose_secret().to_vec();
            let sent = self
                .mailer
                .send(&mail.from, &recipients, message, envelope.tags)
                .await;
            match sent {
                Ok(ses_message_id) => {
                    tracing::info!(id = envelope.id, ses_message_id, "SES took the mail");
                    return Ok(SesAnswer::Accepted);
                }
                Err(MailError::Rejected(why)) => return Ok(SesAnswer::Rejected(why)),
                Err(MailError::Later(error)) => return Err(error.into()),
                Err(MailError::QuotaUsedUp(why)) => return Err(DeliveryError::QuotaUsedUp(why)),
                Err(MailError::Throttled(why)) => {
                    let Some(wait) = backoff.next_wait(jitter()) else {
                        return Err(DeliveryError::Throttled(why));
                    };
                    sleep(wait).await;
                }
            }
        }
    }
}
