//! Access of an admin to the accounts of their workspace.

use credentials::{DerivationKey, DerivationKeys, IssuedCredential, Random};
use domain::is_plain_id;
use domain::{AuditAction, AuditEvent, Author, User, UserId, WorkspaceId};
use jiff::Timestamp;
use storage::Store;
use storage::queues::Queues;
use storage::secrets::Secrets;
use storage::transaction::{Commit, UserWrite};

use crate::error::AccountError;

/// The accounts of one workspace, for one request of one admin.
#[derive(Clone, Debug)]
pub struct Accounts<'a> {
    /// The database that holds the accounts.
    pub store: &'a Store,
    /// The queue that mails are delivered from.
    pub queues: &'a Queues,
    /// Secrets Manager, which holds the derivation key of invitations and initial passwords.
    pub secrets: &'a Secrets,
    /// The source of seeds for initial passwords.
    pub random: &'a Random,
    /// The workspace of the admin and of all accounts that the request changes.
    pub workspace_id: &'a WorkspaceId,
    /// The admin, read at the start of the request.
    pub admin: &'a User,
    /// The admin and the source of the request, for the audit trail.
    pub author: Author,
    /// The time of the request. A repetition under the same idempotency key has the time of the first
    /// attempt.
    pub now: Timestamp,
    /// Whether the request is a repetition. The first attempt may have ended at any point, so an
    /// operation checks what it has already done.
    pub is_repetition: bool,
}

impl Accounts<'_> {
    /// Returns a user of the workspace. An id of an invalid format is unknown without a read.
    ///
    /// # Errors
    /// [`AccountError::UnknownUser`] when the workspace has no such user, and [`AccountError::Store`]
    /// when DynamoDB does not answer.
    pub async fn find(&self, user_id: &str) -> Result<User, AccountError> {
        if !is_plain_id(user_id) {
            return Err(AccountError::UnknownUser);
        }
        let user = self
            .store
            .user(self.workspace_id, &UserId::new(user_id))
            .await?;
        user.ok_or(AccountError::UnknownUser)
    }

    pub(crate) async fn derivation_key(&self) -> Result<DerivationKey, AccountError> {
        let secret = self.secrets.derivation_key().await?;
        Ok(DerivationKeys::from_secret(&secret)?.into_current())
    }

    /// Writes a change with its event in the audit trail, and sends its mails to the queue.
    pub(crate) async fn commit(
        &self,
        event: AuditEvent,
        mut commit: Commit<'_>,
    ) -> Result<(), AccountError> {
        commit.audit.push(event);
        self.store
            .commit(self.workspace_id, &commit, self.now)
            .await?;
        let mail_ids = commit.mails.into_iter().map(|mail| mail.mail_id);
        self.ask_for_mails(mail_ids.collect()).await;
        Ok(())
    }

    /// Writes a changed user, with what was issued to them.
    pub(crate) async fn change_user(
        &self,
        action: AuditAction,
        before: User,
        after: User,
        issued: IssuedCredential,
    ) -> Result<(), AccountError> {
        let event = self.event(action, &before);
        let change = UserWrite::Change {
            before,
            after,
            hashes: issued.hashes,
        };
        let commit = Commit {
            users: vec![change],
            mails: issued.mail.into_iter().collect(),
            ..Commit::default()
        };
        self.commit(event, commit).await
    }

    /// Returns the event of an action on a user.
    pub(crate) fn event(&self, action: AuditAction, user: &User) -> AuditEvent {
        AuditEvent::new(&self.author, action, self.now).about_user(&user.user_id)
    }

    /// Sends mails of the outbox to the queue. If that fails, they wait in the outbox.
    pub(crate) async fn ask_for_mails(&self, mail_ids: Vec<String>) {
        if let Err(error) = self.queues.send_mails(self.workspace_id, &mail_ids).await {
            tracing::warn!(%error, "a mail waits in the outbox");
        }
    }
}
