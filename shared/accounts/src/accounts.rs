//! An admin's access to the accounts of their workspace.

use credentials::{DerivationKey, Random};
use domain::is_plain_id;
use domain::{User, UserId, WorkspaceId};
use jiff::Timestamp;
use storage::Store;
use storage::queues::Queues;
use storage::secrets::Secrets;
use storage::transaction::Commit;

use crate::error::AccountError;

/// The accounts of one workspace, for one request of one admin.
#[derive(Clone, Copy, Debug)]
pub struct Accounts<'a> {
    /// The database.
    pub store: &'a Store,
    /// Where the delivery of mails is asked for.
    pub queues: &'a Queues,
    /// Where the key is that secrets are derived from.
    pub secrets: &'a Secrets,
    /// For the seeds of initial passwords.
    pub random: &'a Random,
    /// The admin's workspace.
    pub workspace_id: &'a WorkspaceId,
    /// The admin, as stored now.
    pub admin: &'a User,
    /// When the request was made; when it was made first, if this is a repetition.
    pub now: Timestamp,
    /// Whether the request is a repetition: the first attempt may have ended at any point, so an
    /// operation looks for what is done already.
    pub is_repetition: bool,
}

impl Accounts<'_> {
    /// Returns a user of the workspace. An id that cannot be one of ours is unknown without a read.
    ///
    /// # Errors
    /// [`AccountError::UnknownUser`]
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
        Ok(DerivationKey::from_secret(&secret)?)
    }

    /// Writes a change and asks for the delivery of its mails.
    pub(crate) async fn commit(&self, commit: Commit<'_>) -> Result<(), AccountError> {
        self.store
            .commit(self.workspace_id, &commit, self.now)
            .await?;
        let mail_ids = commit.mails.into_iter().map(|mail| mail.mail_id);
        self.ask_for_mails(mail_ids.collect()).await;
        Ok(())
    }

    /// Asks for the delivery of mails that are in the outbox. They wait there if that fails.
    pub(crate) async fn ask_for_mails(&self, mail_ids: Vec<String>) {
        if let Err(error) = self.queues.send_mails(self.workspace_id, &mail_ids).await {
            tracing::warn!(%error, "a mail waits in the outbox");
        }
    }
}
