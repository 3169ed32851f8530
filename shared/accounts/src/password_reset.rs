//! 「パスワードをお忘れの方」: asks for the mail with a link to choose a new password. mail-delivery makes the
//! link, so that an answer to somebody who asks takes as long whether or not there is such a user.
//!
//! Registered people with an address who sign in by a password get such a link, three an hour. Invited people get
//! none: an admin or the night sends their invitation again.

use credentials::{CredentialSeed, PasswordReset, Random, hex};
use domain::{
    AuditAction, AuditEvent, LoginMethod, MailKind, OutboxMail, Status, User, UserId, WorkspaceId,
    password_reset_mail_id,
};
use jiff::Timestamp;
use storage::password_resets::password_reset_name;
use storage::queues::Queues;
use storage::{Store, StoreError};

use crate::accounts::Accounts;
use crate::error::AccountError;
use crate::invitation::{MOST, Mailed, NotMailed};
use crate::roles::check_may_act_on;

/// Somebody for whom a reset is asked.
#[derive(Clone, Copy, Debug)]
pub struct ResetRequest<'a> {
    /// The workspace of the user.
    pub workspace_id: &'a WorkspaceId,
    /// The id of the user, who need not exist.
    pub user_id: &'a UserId,
    /// The address that the mail goes to.
    pub email: &'a str,
    /// The session epoch of the user.
    pub session_epoch: u64,
}

/// Checks that `user` may choose a new password by mail.
///
/// # Errors
/// [`AccountError::ResetForSso`], [`AccountError::ResetWithoutEmail`],
/// [`AccountError::ResetBeforeRegistration`]
pub fn check_may_reset_password(user: &User) -> Result<(), AccountError> {
    if user.login_method == LoginMethod::Sso {
        return Err(AccountError::ResetForSso);
    }
    if user.status == Status::Invited {
        return Err(AccountError::ResetBeforeRegistration);
    }
    if user.email.is_none() {
        return Err(AccountError::ResetWithoutEmail);
    }
    Ok(())
}

/// Writes the request with the mail that is made for it and, if a mail is still to be sent, the `event`
/// of the admin who asks. Does the same for every user id; whether they may reset a password is checked
/// when the mail is made. Returns whether the mail is still to be sent, which it is three times an hour.
///
/// # Errors
/// [`StoreError`] when DynamoDB does not answer.
pub async fn ask_for_password_reset(
    (store, queues, random): (&Store, &Queues, &Random),
    ResetRequest {
        workspace_id,
        user_id,
        email,
        session_epoch,
    }: ResetRequest<'_>,
    event: Option<AuditEvent>,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let request = hex(&random.bytes::<16>());
    let name = password_reset_name(workspace_id, user_id);
    let mut stored = store.versioned::<PasswordReset>(&name).await?;
    let taken = stored.value.ask(&request, email, session_epoch, now);
    let kind = MailKind::PasswordReset {
        user_id: user_id.clone(),
        request,
        link_seed: CredentialSeed::generate(random).expose_to_store().into(),
    };
    let mail = OutboxMail::new(kind, now);
    let mail_ids = [mail.mail_id.clone()];
    let (until, event) = (stored.value.expires_at(), event.filter(|_| taken));
    let written = store
        .put_versioned_with(
            &name,
            &stored,
            until,
            workspace_id,
            &[mail],
            event.as_slice(),
        )
        .await;
    match written {
        // Somebody asked at the same moment: their link counts.
        Ok(()) | Err(StoreError::Conflict(_)) => {}
        Err(error) => return Err(error),
    }
    if let Err(error) = queues.send_mails(workspace_id, &mail_ids).await {
        tracing::warn!(%error, "a mail waits in the outbox");
    }
    Ok(taken)
}

impl Accounts<'_> {
    /// [パスワード再設定メールを送信]: mails a link to choose a new password. The present one still works until
    /// then.
    ///
    /// # Errors
    /// [`AccountError`] when the user cannot reset a password, the admin may not act on them, three
    /// mails were sent within the hour, or a write fails.
    pub async fn send_password_reset(&self, user: &User) -> Result<(), AccountError> {
        check_may_act_on(self.admin, user)?;
        check_may_reset_password(user)?;
        let found = self
            .store
            .user_with_hashes(self.workspace_id, &user.user_id);
        let (user, hashes) = found.await?.ok_or(AccountError::UnknownUser)?;
        let email = user.email.as_ref().ok_or(AccountError::ResetWithoutEmail)?;
        let name = password_reset_name(self.workspace_id, &user.user_id);
        let stored = self.store.versioned::<PasswordReset>(&name).await?.value;
        let epoch = hashes.session_epoch;
        if let Some(request) = stored.request_just_before(email, epoch, self.now) {
            let mail_id = password_reset_mail_id(&user.user_id, request);
            self.ask_for_mails(vec![mail_id]).await;
            return Ok(());
        }
        let request = ResetRequest {
            workspace_id: self.workspace_id,
            user_id: &user.user_id,
            email: email.as_str(),
            session_epoch: epoch,
        };
        let event = self.event(AuditAction::PasswordResetMailed, &user);
        let clients = (self.store, self.queues, self.random);
        if ask_for_password_reset(clients, request, Some(event), self.now).await? {
            return Ok(());
        }
        Err(AccountError::TooManyResets)
    }

    /// Mails links to several people. Those who cannot reset a password do not affect the others.
    ///
    /// # Errors
    /// [`AccountError::RecipientCount`] when nobody is named, or more than 50 people.
    pub async fn send_password_resets(
        &self,
        user_ids: Vec<String>,
    ) -> Result<Mailed, AccountError> {
        if !(1..=MOST).contains(&user_ids.len()) {
            return Err(AccountError::RecipientCount);
        }
        let mut result = Mailed::default();
        for user_id in user_ids {
            let sent = match self.find(&user_id).await {
                Ok(user) => self.send_password_reset(&user).await,
                Err(error) => Err(error),
            };
            match sent {
                Ok(()) => result.mailed.push(user_id),
                Err(reason) => result.refused.push(NotMailed { user_id, reason }),
            }
        }
        Ok(result)
    }
}
