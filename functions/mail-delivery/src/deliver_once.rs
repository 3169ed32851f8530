//! Delivery of a mail once: it is claimed in the outbox, rendered, sent, and settled. A delivery that
//! crashes leaves its claim, which expires after a minute; then the mail is delivered again.

use std::time::Duration;

use domain::time::later;
use domain::{MailKind, OutboxMail, WorkspaceId, is_chat_post};
use jiff::Timestamp;
use lambda::metrics::Metrics;
use storage::Store;
use storage::mailer::Mailer;
use storage::outbox::MailResult;
use storage::queues::{MailMessage, Queues};
use storage::secrets::Secrets;
use storage::sync_logs::SyncLogs;

use crate::chat_client::ChatClient;
use crate::derivation_keys::KnownKeys;
use crate::error::DeliveryError;
use crate::hand_to_ses::SesAnswer;
use crate::password_mails::UNRECEIVED_WAIT;
use crate::render::Rendered;
use crate::ses_quota::{KnownQuota, no_room_until};

/// What admins read about an invitation whose mail SES refused.
const REFUSED: &str =
    "招待メールが届きませんでした(宛先のメールアドレスが配信サービスに拒否されました)";

/// What admins read about initial passwords whose mail SES refused.
const PASSWORDS_REFUSED: &str =
    "初期パスワードのメールが届きませんでした(宛先のメールアドレスが配信サービスに拒否されました)";

/// Why a mail is postponed for which SES has no room.
const NO_ROOM: &str = "SES takes no more mails today";

/// Delivers mails of the outbox.
#[derive(Debug)]
pub struct Delivery {
    /// The database with the outbox.
    pub store: Store,
    /// The client of SES.
    pub mailer: Mailer,
    /// The sync logs in S3, which say who failed.
    pub logs: SyncLogs,
    /// The keys that invitation URLs and initial passwords are derived from.
    pub keys: KnownKeys,
    /// What SES last said about its quota of 24 hours.
    pub quota: KnownQuota,
    /// The addresses of chat webhooks.
    pub secrets: Secrets,
    /// The client for chat webhooks.
    pub chat: ChatClient,
    /// The queue of mails, which posts to a chat wait in as well.
    pub queues: Queues,
    /// How long one mail waits for its turn at SES, whose mails of a second all invocations share.
    pub patience: Duration,
    /// The From address of every mail.
    pub from: String,
    /// The base of the URLs in mails, without a trailing slash.
    pub public_base_url: String,
}

impl Delivery {
    /// Delivers one mail, unless it was settled before: a second message for it does nothing.
    ///
    /// # Errors
    /// [`DeliveryError`] when the mail still waits in the outbox.
    pub async fn deliver(
        &self,
        message: &MailMessage,
        now: Timestamp,
    ) -> Result<(), DeliveryError> {
        let (workspace_id, mail_id) = (&message.workspace_id, message.mail_id.as_str());
        let claimed = self.store.claim_mail(workspace_id, mail_id, now).await?;
        let Some(mail) = claimed else {
            if self.store.mail_waits(workspace_id, mail_id).await? {
                return Err(DeliveryError::ClaimedByAnother);
            }
            return Ok(());
        };
        match self.render_and_send(workspace_id, &mail, now).await {
            Ok(Delivered::Postponed(until, why)) => {
                self.store
                    .postpone_mail(workspace_id, mail_id, until)
                    .await?;
                tracing::info!(%workspace_id, mail_id, why, "mail postponed");
                Ok(())
            }
            Ok(Delivered::Settled(result)) => {
                self.store
                    .settle_mail(workspace_id, mail_id, &result, now)
                    .await?;
                tracing::info!(%workspace_id, mail_id, result = result.to_string(), "mail settled");
                measure(&mail, &result, now).print();
                Ok(())
            }
            Err(error) => {
                if let Err(kept) = self.store.unclaim_mail(workspace_id, mail_id).await {
                    tracing::warn!(%workspace_id, mail_id, %kept, "the mail stays claimed for up to a minute");
                }
                Err(error)
            }
        }
    }

    async fn render_and_send(
        &self,
        workspace_id: &WorkspaceId,
        mail: &OutboxMail,
        now: Timestamp,
    ) -> Result<Delivered, DeliveryError> {
        if is_chat_post(&mail.mail_id) {
            return Box::pin(self.post_to_chat(workspace_id, mail, now)).await;
        }
        let settled = |result| Ok(Delivered::Settled(result));
        let no_room = || Ok(Delivered::Postponed(no_room_until(mail, now), NO_ROOM));
        if !self.has_room_for(mail, now).await {
            return no_room();
        }
        // The mail that a run failed needs no more of the workspace than its name: it may be about this very record.
        let workspace = match mail.kind {
            MailKind::FailedRun { .. } => self.store.workspace_to_show(workspace_id).await?,
            _ => self.store.workspace(workspace_id).await?,
        };
        let Some(workspace) = workspace else {
            return settled(MailResult::Dropped("the workspace is gone"));
        };
        self.enqueue_chat_post(&workspace, mail, now).await?;
        let mails = match self.render(&workspace, mail, now).await? {
            Rendered::Mails(mails) => mails,
            Rendered::Dropped(why) => return settled(MailResult::Dropped(why)),
            Rendered::Postponed(until, why) => return Ok(Delivered::Postponed(until, why)),
        };
        let carries_passwords = matches!(
            mail.kind,
            MailKind::InitialPasswords { .. } | MailKind::IssuedPasswords { .. }
        );
        let sent = match self.send(&workspace, mail, &mails, now).await {
            Err(DeliveryError::QuotaUsedUp(error)) => {
                tracing::warn!(error, "SES takes no more mails today");
                return no_room();
            }
            sent => sent?,
        };
        match sent {
            SesAnswer::Accepted => {}
            SesAnswer::Rejected(why) if carries_passwords => {
                tracing::warn!(%workspace_id, mail_id = mail.mail_id, why, "SES rejects initial passwords");
                self.note_refusal(workspace_id, mail).await?;
                let until = later(now, UNRECEIVED_WAIT);
                return Ok(Delivered::Postponed(until, "SES rejects it for everybody"));
            }
            SesAnswer::Rejected(why) => {
                tracing::error!(%workspace_id, mail_id = mail.mail_id, why, "SES rejects a mail");
                self.note_refusal(workspace_id, mail).await?;
                return settled(MailResult::Rejected(why));
            }
        }
        if matches!(mail.kind, MailKind::Invitation { .. }) {
            self.count_sent(workspace_id, now).await;
        }
        if let MailKind::InitialPasswords { run_id } = &mail.kind {
            // Before the mail is settled: the next delivery completes this after a crash.
            self.store
                .forget_password_seed(workspace_id, run_id)
                .await?;
        }
        settled(MailResult::Sent)
    }

    /// Notes on an invitation, or on initial passwords, that SES refused their mail, where admins see whom it did not
    /// reach.
    async fn note_refusal(
        &self,
        workspace_id: &WorkspaceId,
        mail: &OutboxMail,
    ) -> Result<(), DeliveryError> {
        let issue_id = match &mail.kind {
            MailKind::Invitation {
                user_id, serial, ..
            } => {
                let noted = self
                    .store
                    .note_bounce(workspace_id, user_id, *serial, REFUSED);
                noted.await?;
                return Ok(());
            }
            MailKind::InitialPasswords { run_id } => run_id.as_str(),
            MailKind::IssuedPasswords { issue_id } => issue_id,
            _ => return Ok(()),
        };
        let noted = self
            .store
            .note_password_bounce(workspace_id, issue_id, PASSWORDS_REFUSED);
        noted.await?;
        Ok(())
    }
}

/// What became of a delivery.
pub(crate) enum Delivered {
    /// The mail needs no more sending.
    Settled(MailResult),
    /// The mail waits in the outbox until this time, for this reason.
    Postponed(Timestamp, &'static str),
}

/// Returns the metrics of a settled mail. `MailLag` is the time from the decision to send a mail until
/// SES accepted it.
fn measure(mail: &OutboxMail, result: &MailResult, now: Timestamp) -> Metrics {
    let metrics = Metrics::new(now).property("mail_id", &mail.mail_id);
    if is_chat_post(&mail.mail_id) {
        return match result {
            MailResult::Sent => metrics.count("ChatPostsSent", 1_u32),
            MailResult::Rejected(_) => metrics.count("ChatPostsRejected", 1_u32),
            MailResult::Dropped(_) => metrics.count("ChatPostsDropped", 1_u32),
        };
    }
    match result {
        MailResult::Sent => metrics
            .count("MailsSent", 1_u32)
            .seconds("MailLag", now.duration_since(mail.created_at).as_secs_f64()),
        MailResult::Rejected(_) => metrics.count("MailsRejected", 1_u32),
        MailResult::Dropped(_) => metrics.count("MailsDropped", 1_u32),
    }
}
