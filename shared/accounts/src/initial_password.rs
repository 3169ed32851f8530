//! 「初期パスワードを再発行」: for a user without e-mail who lost the initial password or let it expire.

use credentials::{CredentialIssuer, CredentialSeed};
use domain::apply::INITIAL_PASSWORD_LIFE;
use domain::{AuditAction, Credential, LoginMethod, OutboxMail, Role, Status, User};
use jiff::Timestamp;

use crate::accounts::Accounts;
use crate::error::AccountError;
use crate::roles::check_may_act_on;

/// Checks that an initial password is what `user` needs to sign in.
///
/// # Errors
/// [`AccountError::InitialPasswordForSso`], [`AccountError::InitialPasswordDespiteEmail`],
/// [`AccountError::InitialPasswordWithoutCode`]
pub fn check_needs_initial_password(user: &User) -> Result<(), AccountError> {
    if user.login_method == LoginMethod::Sso {
        return Err(AccountError::InitialPasswordForSso);
    }
    if user.email.is_some() {
        return Err(AccountError::InitialPasswordDespiteEmail);
    }
    if user.code.is_none() {
        return Err(AccountError::InitialPasswordWithoutCode);
    }
    Ok(())
}

impl Accounts<'_> {
    /// Issues a new initial password and mails it to every システム管理者 with an e-mail address. The user's
    /// previous password no longer works.
    ///
    /// # Errors
    /// [`AccountError`] when the user does not need an initial password, the admin may not issue one,
    /// or the write fails.
    pub async fn issue_initial_password(&self, before: User) -> Result<(), AccountError> {
        check_may_act_on(self.admin, &before)?;
        check_needs_initial_password(&before)?;
        let seed = CredentialSeed::generate(self.random);
        if self.is_repetition && was_issued_at(&before, self.now) {
            // The id of the mail identifies the user and the password. The seed in the outbox is the
            // one that counts.
            let unused_seed = seed.expose_to_store().into();
            let mail = OutboxMail::issued_password(&before, unused_seed, self.now);
            self.ask_for_mails(vec![mail.mail_id]).await;
            return Ok(());
        }
        self.check_recipient().await?;
        let key = self.derivation_key().await?;
        let issuer = CredentialIssuer {
            key: &key,
            workspace_id: self.workspace_id,
            now: self.now,
        };
        let mut after = before.clone();
        after.version += 1;
        let credential = issuer.issue_initial_password(&mut after, &seed, self.random);
        self.change_user(
            AuditAction::InitialPasswordIssued,
            before,
            after,
            credential,
        )
        .await
    }

    async fn check_recipient(&self) -> Result<(), AccountError> {
        let users = self.store.users(self.workspace_id).await?;
        let receives = |user: &User| {
            user.role == Role::SystemAdministrator
                && user.status == Status::Active
                && user.email.is_some()
        };
        if users.iter().any(receives) {
            return Ok(());
        }
        Err(AccountError::NoRecipient)
    }
}

fn was_issued_at(user: &User, moment: Timestamp) -> bool {
    matches!(user.credential, Credential::Initial { expires_at }
        if expires_at.duration_since(moment) == INITIAL_PASSWORD_LIFE)
}
