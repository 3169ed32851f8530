//! [二段階認証を解除]: removes the second factors of somebody who has lost them.

use domain::{
    AuditAction, CredentialHashChanges, MailKind, OutboxMail, Role, SecondFactorNotice, User,
};
use storage::transaction::{Commit, UserWrite};

use crate::accounts::Accounts;
use crate::error::AccountError;

/// Checks that `admin` may remove the second factors of `target`: another システム管理者 may.
///
/// # Errors
/// [`AccountError::SecondFactorsOfOthers`], [`AccountError::OwnSecondFactors`]
pub fn check_may_reset_second_factors(admin: &User, target: &User) -> Result<(), AccountError> {
    if admin.role != Role::SystemAdministrator {
        return Err(AccountError::SecondFactorsOfOthers);
    }
    if admin.user_id == target.user_id {
        return Err(AccountError::OwnSecondFactors);
    }
    Ok(())
}

impl Accounts<'_> {
    /// Removes all second factors of a user, ends their sessions, and mails it to them.
    ///
    /// # Errors
    /// [`AccountError`] when the admin may not, when there is no second factor, or the write fails.
    pub async fn reset_second_factors(&self, before: User) -> Result<(), AccountError> {
        check_may_reset_second_factors(self.admin, &before)?;
        let user_id = before.user_id.clone();
        let factors = self
            .store
            .second_factors(self.workspace_id, &user_id)
            .await?;
        if !factors.any() {
            return Err(AccountError::NoSecondFactor);
        }
        let event = self.event(AuditAction::SecondFactorsReset, &before);
        let kind = MailKind::SecondFactorChanged {
            user_id: user_id.clone(),
            notice: SecondFactorNotice::RemovedByAdministrator,
        };
        let mail = before
            .email
            .as_ref()
            .map(|_| OutboxMail::new(kind, self.now));
        let after = User {
            version: before.version + 1,
            ..before.clone()
        };
        let hashes = CredentialHashChanges {
            end_sessions: true,
            ..CredentialHashChanges::default()
        };
        let removal = factors.removal().into_iter();
        let commit = Commit {
            users: vec![UserWrite::Change {
                before,
                after,
                hashes,
            }],
            second_factors: removal.map(|change| (user_id.clone(), change)).collect(),
            mails: mail.into_iter().collect(),
            ..Commit::default()
        };
        self.commit(event, commit).await
    }
}
