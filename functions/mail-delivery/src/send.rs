//! Hands mails to SES.

use std::time::Duration;

use credentials::TokenHash;
use domain::Workspace;
use domain::{MailKind, OutboxMail};
use jiff::Timestamp;
use mail::Mail;
use secrecy::ExposeSecret;
use storage::mailer::MailError;

use crate::deliver::Delivery;
use crate::error::DeliveryError;

/// SES's limit is a rate a second, so short waits are enough; a used-up day is for the queue.
const WAITS: [Duration; 4] = [
    Duration::from_millis(300),
    Duration::from_millis(700),
    Duration::from_millis(1500),
    Duration::from_secs(3),
];

/// What SES did with the mails of one entry of the outbox.
pub(crate) enum Sent {
    /// Every mail was taken for at least one of its recipients.
    Taken,
    /// A mail was taken for none; what SES says about it.
    Rejected(String),
}

/// What is on the envelope.
struct Letter<'a> {
    id: String,
    tags: &'a [(&'static str, String)],
}

/// What SES hands back with a bounce or a complaint, so that mail-feedback finds the invitation.
fn tags(workspace: &Workspace, entry: &OutboxMail) -> Vec<(&'static str, String)> {
    match &entry.kind {
        MailKind::Invitation {
            user_id, serial, ..
        } => vec![
            ("workspace_id", workspace.workspace_id.to_string()),
            ("user_id", user_id.to_string()),
            ("serial", serial.to_string()),
        ],
        _ => Vec::new(),
    }
}

/// Tells a mail from the others of its entry, and from what it would say after somebody's password or
/// address changed: a list that has moved on is sent again rather than one person's password lost. The
/// random passwords in it cannot be found from the hash.
fn mark(mail: &Mail) -> TokenHash {
    let mut said = format!("{}\n{}\n", mail.to.join(","), mail.subject);
    for file in &mail.attachments {
        said.push_str(&String::from_utf8_lossy(file.content.expose_secret()));
    }
    TokenHash::of(&said.into())
}

impl Delivery {
    /// Sends all mails, but for those that an earlier delivery sent. One recipient whom SES refuses does
    /// not keep a mail from the others.
    ///
    /// # Errors
    /// When SES may take it later; of several mails, those it took are not sent again then.
    pub(crate) async fn send(
        &self,
        workspace: &Workspace,
        entry: &OutboxMail,
        mails: &[Mail],
        now: Timestamp,
    ) -> Result<Sent, DeliveryError> {
        let tags = tags(workspace, entry);
        for (number, mail) in mails.iter().enumerate() {
            let mark = mark(mail);
            if entry.parts_sent.contains(mark.as_str()) {
                continue;
            }
            let letter = Letter {
                // The same whenever this mail is sent, so that a copy can be told from another mail.
                id: format!("{}.{}.{number}", workspace.workspace_id, entry.mail_id),
                tags: &tags,
            };
            if let Sent::Rejected(why) = self.send_one(&letter, mail, now).await? {
                return Ok(Sent::Rejected(why));
            }
            if mails.len() > 1 {
                self.store
                    .note_part_sent(&workspace.workspace_id, &entry.mail_id, mark.as_str())
                    .await?;
            }
        }
        Ok(Sent::Taken)
    }

    async fn send_one(
        &self,
        letter: &Letter<'_>,
        mail: &Mail,
        now: Timestamp,
    ) -> Result<Sent, DeliveryError> {
        let together = self.hand_over(letter, mail, now).await?;
        let Sent::Rejected(mut why) = together else {
            return Ok(Sent::Taken);
        };
        if mail.to.len() < 2 {
            return Ok(Sent::Rejected(why));
        }
        let mut taken = 0;
        for recipient in &mail.to {
            let alone = Mail {
                to: vec![recipient.clone()],
                ..mail.clone()
            };
            match self.hand_over(letter, &alone, now).await? {
                Sent::Taken => taken += 1,
                Sent::Rejected(reason) => {
                    tracing::error!(id = letter.id, reason, "SES rejects one of the recipients");
                    why = reason;
                }
            }
        }
        Ok(if taken > 0 {
            Sent::Taken
        } else {
            Sent::Rejected(why)
        })
    }

    async fn hand_over(
        &self,
        letter: &Letter<'_>,
        mail: &Mail,
        now: Timestamp,
    ) -> Result<Sent, DeliveryError> {
        let raw = mail.to_mime(&letter.id, now)?;
        let mut waits = WAITS.iter();
        loop {
            let message = raw.expose_secret().to_vec();
            let sent = self
                .mailer
                .send(&mail.from, &mail.to, message, letter.tags)
                .await;
            match sent {
                Ok(ses_message_id) => {
                    tracing::info!(id = letter.id, ses_message_id, "SES took the mail");
                    return Ok(Sent::Taken);
                }
                Err(MailError::Rejected(why)) => return Ok(Sent::Rejected(why)),
                Err(MailError::Later(error)) => return Err(error.into()),
                Err(MailError::Throttled(why)) => match waits.next() {
                    Some(wait) => tokio::time::sleep(*wait).await,
                    None => return Err(DeliveryError::Throttled(why)),
                },
            }
        }
    }
}
