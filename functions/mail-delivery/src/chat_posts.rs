//! Posts to a workspace's chat. Each is an entry of the outbox besides its mail, which neither waits for it nor fails
//! with it.
//!
//! A post is written once, before its mail is sent, and is claimed as a mail is. In a batch posts come after mails.
//! The page 通知 says what became of the last post. None of this is a failed delivery, which would ring our alarm. Only
//! hosts of Slack and Microsoft are posted to.

use domain::{ChatResult, MailKind, NotificationKind, OutboxMail, Workspace, WorkspaceId};
use jiff::{SignedDuration, Timestamp};
use mail::{ChatAddress, ChatPost, MailName};
use secrecy::ExposeSecret;
use storage::outbox::MailResult;
use storage::secrets::CustomerSecret;

use crate::deliver_once::{Delivered, Delivery};
use crate::error::DeliveryError;

/// The time after which a post that did not arrive is tried again.
const RETRY_AFTER: SignedDuration = SignedDuration::from_mins(15);

/// The age at which a post is given up. Its mail has reached the admins by then.
const GIVEN_UP_AFTER: SignedDuration = SignedDuration::from_hours(3);

/// Why a post is postponed.
const NOT_TAKEN: &str = "the chat did not take the post";

impl Delivery {
    /// Writes the post that goes with a mail, once. A mail that is delivered again writes no second one.
    ///
    /// # Errors
    /// [`DeliveryError`] when DynamoDB does not answer. A lost message is found by night-watch.
    pub(crate) async fn enqueue_chat_post(
        &self,
        workspace: &Workspace,
        mail: &OutboxMail,
        now: Timestamp,
    ) -> Result<(), DeliveryError> {
        let notifications = &workspace.notifications;
        let is_posted = |kind: NotificationKind| notifications.sends(kind);
        if notifications.chat.is_none() || !mail.kind.notification().is_some_and(is_posted) {
            return Ok(());
        }
        let id = &workspace.workspace_id;
        let post = OutboxMail::chat_post(mail, now);
        if self.store.put_mail_once(id, &post).await?
            && let Err(error) = self.queues.send_mails(id, &[post.mail_id]).await
        {
            tracing::warn!(workspace_id = %id, %error, "the message for a post was not sent");
        }
        Ok(())
    }

    /// Posts to the chat, if what the post says is still true, and notes what became of it.
    ///
    /// # Errors
    /// [`DeliveryError`] when AWS does not answer. A chat that does not answer is no error.
    pub(crate) async fn post_to_chat(
        &self,
        workspace_id: &WorkspaceId,
        entry: &OutboxMail,
        now: Timestamp,
    ) -> Result<Delivered, DeliveryError> {
        let dropped = |why| Ok(Delivered::Settled(MailResult::Dropped(why)));
        let (about, is_test) = match &entry.kind {
            MailKind::ChatPost { about } => (about.as_ref(), false),
            kind => (kind, true),
        };
        let workspace = self.store.workspace_to_show(workspace_id).await?;
        let Some(workspace) = workspace else {
            return dropped("the workspace is gone");
        };
        let Some(webhook) = &workspace.notifications.chat else {
            return dropped("the chat webhook was removed");
        };
        let Some(text) = self.chat_text(&workspace, about).await? else {
            return dropped("what the post says is not true any more");
        };
        let post = ChatPost {
            workspace_name: MailName::new(&workspace.name),
            sentence: text.sentence,
            url: self.url(&text.path),
        };
        let secret_id = &webhook.secret_id;
        let address = self
            .secrets
            .customer_secret(workspace_id, CustomerSecret::ChatAddress(secret_id))
            .await?;
        let address =
            address.and_then(|text| ChatAddress::parse(text.expose_secret(), self.chat.reach).ok());
        let problem = match address {
            Some(address) => self.chat.post(&address, &post).await.err(),
            None => Some(domain::ChatProblem::NoAddress),
        };
        let result = ChatResult {
            secret_id: secret_id.clone(),
            at: now,
            problem,
        };
        self.store.put_chat_result(workspace_id, &result).await?;
        let Some(problem) = problem else {
            return Ok(Delivered::Settled(MailResult::Sent));
        };
        tracing::warn!(%workspace_id, mail_id = entry.mail_id, ?problem, "a post did not arrive");
        let is_young = now.duration_since(entry.created_at) < GIVEN_UP_AFTER;
        if problem.may_pass() && is_young && !is_test {
            return Ok(Delivered::Postponed(now + RETRY_AFTER, NOT_TAKEN));
        }
        let why = format!("{problem:?}");
        Ok(Delivered::Settled(MailResult::Rejected(why)))
    }
}
