//! One mail: taken from the outbox, made, sent, settled.

use credentials::DerivationKey;
use domain::{MailKind, OutboxMail};
use domain::{Workspace, WorkspaceId};
use jiff::Timestamp;
use lambda::metrics::Metrics;
use storage::Store;
use storage::mailer::Mailer;
use storage::queues::MailMessage;

use crate::error::DeliveryError;
use crate::made::Made;
use crate::send::Sent;

/// What it takes to deliver mails.
#[derive(Debug)]
pub struct Delivery {
    /// The database.
    pub store: Store,
    /// SES.
    pub mailer: Mailer,
    /// What links and initial passwords are derived from.
    pub key: DerivationKey,
    /// The From address.
    pub from: String,
    /// Where links lead, without a slash at the end.
    pub public_base_url: String,
}

impl Delivery {
    /// Delivers one mail unless that is done already. A second message for the same mail does
    /// nothing.
    ///
    /// # Errors
    /// [`DeliveryError`] when the mail still waits.
    pub async fn deliver(
        &self,
        message: &MailMessage,
        now: Timestamp,
    ) -> Result<(), DeliveryError> {
        let (workspace_id, mail_id) = (&message.workspace_id, message.mail_id.as_str());
        let claimed = self.store.claim_mail(workspace_id, mail_id, now).await?;
        let Some(mail) = claimed else {
            if self.store.mail_waits(workspace_id, mail_id).await? {
                return Err(DeliveryError::InOtherHands);
            }
            return Ok(());
        };
        match self.make_and_send(workspace_id, &mail, now).await {
            Ok(result) => {
                self.store
                    .settle_mail(workspace_id, mail_id, &result, now)
                    .await?;
                tracing::info!(%workspace_id, mail_id, result, "mail settled");
                measure(&mail, &result, now).print();
                Ok(())
            }
            Err(error) => {
                // Where this fails as well, the claim ends by itself after a minute.
                if let Err(kept) = self.store.unclaim_mail(workspace_id, mail_id).await {
                    tracing::warn!(%workspace_id, mail_id, %kept, "the claim stays for a minute");
                }
                Err(error)
            }
        }
    }

    /// Gives what the outbox is to remember.
    async fn make_and_send(
        &self,
        workspace_id: &WorkspaceId,
        mail: &OutboxMail,
        now: Timestamp,
    ) -> Result<String, DeliveryError> {
        let Some(workspace) = self.store.workspace(workspace_id).await? else {
            return Ok("dropped: the workspace is gone".into());
        };
        let mails = match self.make(&workspace, mail, now).await? {
            Made::Mails(mails) => mails,
            Made::Dropped(why) => return Ok(format!("dropped: {why}")),
        };
        let carries_passwords = matches!(
            mail.kind,
            MailKind::InitialPasswords { .. } | MailKind::IssuedPassword { .. }
        );
        match self.send(&workspace, mail, &mails, now).await? {
            Sent::Taken => {}
            Sent::Rejected(why) if carries_passwords => {
                return Err(DeliveryError::PasswordsRejected(why));
            }
            Sent::Rejected(why) => {
                tracing::error!(%workspace_id, mail_id = mail.mail_id, why, "SES rejects a mail");
                return Ok(format!("rejected: {why}"));
            }
        }
        if let MailKind::InitialPasswords { run_id } = &mail.kind {
            // Before the mail is settled, so that a delivery that dies here is taken up again.
            self.store
                .forget_password_seed(workspace_id, run_id)
                .await?;
        }
        Ok("sent".into())
    }

    async fn make(
        &self,
        workspace: &Workspace,
        mail: &OutboxMail,
        now: Timestamp,
    ) -> Result<Made, DeliveryError> {
        match &mail.kind {
            MailKind::Invitation {
                user_id,
                serial,
                again,
            } => {
                self.invitation(workspace, user_id, *serial, *again, now)
                    .await
            }
            MailKind::InitialPasswords { run_id } => {
                self.passwords_of_run(workspace, run_id, now).await
            }
            MailKind::IssuedPassword {
                user_id,
                serial,
                password_seed,
            } => {
                let issued = (user_id, *serial, password_seed.expose());
                self.issued_password(workspace, issued, mail.created_at, now)
                    .await
            }
            MailKind::FailedRun {
                run_id,
                failure,
                failed,
            } => {
                self.failed_run(workspace, run_id, failure.as_ref(), *failed)
                    .await
            }
            MailKind::HeldDeletions { run_id } => self.held_deletions(workspace, run_id).await,
            MailKind::ReconnectNeeded => self.relink_needed(workspace).await,
        }
    }
}

/// `MailLag` is how long a mail waited from the decision to write it until SES took it.
fn measure(mail: &OutboxMail, result: &str, now: Timestamp) -> Metrics {
    let metrics = Metrics::new(now).property("mail_id", &mail.mail_id);
    match result.split_once(':').map_or(result, |(what, _)| what) {
        "sent" => metrics
            .count("MailsSent", 1_u32)
            .seconds("MailLag", now.duration_since(mail.created_at).as_secs_f64()),
        "rejected" => metrics.count("MailsRejected", 1_u32),
        _ => metrics.count("MailsDropped", 1_u32),
    }
}
