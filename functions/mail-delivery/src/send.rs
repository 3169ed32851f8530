//! Hands mails to SES.

use std::time::Duration;

use aws::mailer::MailError;
use aws::outbox::OutboxMail;
use directory::Workspace;
use jiff::Timestamp;
use mail::Mail;
use secrecy::ExposeSecret;

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

impl Delivery {
    /// Sends all mails. One recipient whom SES refuses does not keep a mail from the others.
    ///
    /// # Errors
    /// When SES may take it later; everything is sent again then.
    pub(crate) async fn send(
        &self,
        workspace: &Workspace,
        entry: &OutboxMail,
        mails: &[Mail],
        now: Timestamp,
    ) -> Result<Sent, DeliveryError> {
        for (number, mail) in mails.iter().enumerate() {
            // The same whenever this mail is sent, so that a copy can be told from another mail.
            let id = format!("{}.{}.{number}", workspace.workspace_id, entry.mail_id);
            if let Sent::Rejected(why) = self.send_one(&id, mail, now).await? {
                return Ok(Sent::Rejected(why));
            }
        }
        Ok(Sent::Taken)
    }

    async fn send_one(&self, id: &str, mail: &Mail, now: Timestamp) -> Result<Sent, DeliveryError> {
        let together = self.hand_over(id, mail, now).await?;
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
            match self.hand_over(id, &alone, now).await? {
                Sent::Taken => taken += 1,
                Sent::Rejected(reason) => {
                    tracing::error!(id, reason, "SES rejects one of the recipients");
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
        id: &str,
        mail: &Mail,
        now: Timestamp,
    ) -> Result<Sent, DeliveryError> {
        let raw = mail.to_mime(id, now)?;
        let mut waits = WAITS.iter();
        loop {
            let message = raw.expose_secret().to_vec();
            match self.mailer.send(&mail.from, &mail.to, message).await {
                Ok(ses_message_id) => {
                    tracing::info!(id, ses_message_id, "SES took the mail");
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
