//! 「ログアウトさせる」: ends all sessions of a user, for example when a device was lost.

use credentials::IssuedCredential;
use domain::{AuditAction, CredentialHashChanges, User};

use crate::accounts::Accounts;
use crate::error::AccountError;
use crate::roles::check_may_act_on;

impl Accounts<'_> {
    /// Ends all sessions of a user, in every browser. The password stays as it is.
    ///
    /// # Errors
    /// [`AccountError`] when the admin may not act on the user, or the write fails.
    pub async fn sign_out(&self, before: User) -> Result<(), AccountError> {
        check_may_act_on(self.admin, &before)?;
        let after = User {
            version: before.version + 1,
            ..before.clone()
        };
        let sessions_end = IssuedCredential {
            hashes: CredentialHashChanges {
                end_sessions: true,
                ..CredentialHashChanges::default()
            },
            mail: None,
        };
        self.change_user(AuditAction::UserSignedOut, before, after, sessions_end)
            .await
    }
}
