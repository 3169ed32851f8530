//! 緊急用アカウント: a システム管理者 whom the sync never moves to SSO.

use domain::{Role, User};

use crate::accounts::Accounts;
use crate::error::AccountError;

/// Checks that `user` may become an emergency account.
///
/// # Errors
/// [`AccountError::NoEmergencyAccount`]
pub fn check_may_be_emergency_account(user: &User) -> Result<(), AccountError> {
    if user.is_system_administrator_with_own_password() {
        return Ok(());
    }
    Err(AccountError::NoEmergencyAccount)
}

impl Accounts<'_> {
    /// Sets or clears 緊急用アカウント of `user`, whose role is the new one. Somebody who stops being a
    /// システム管理者 stops being one as well.
    ///
    /// # Errors
    /// [`AccountError::EmergencyAccountOfSystemAdministrator`], [`AccountError::NoEmergencyAccount`]
    pub(crate) fn set_emergency_account(
        &self,
        user: &mut User,
        wanted: Option<bool>,
    ) -> Result<(), AccountError> {
        if let Some(wanted) = wanted.filter(|wanted| *wanted != user.is_emergency_account) {
            if self.admin.role != Role::SystemAdministrator {
                return Err(AccountError::EmergencyAccountOfSystemAdministrator);
            }
            if wanted {
                check_may_be_emergency_account(user)?;
            }
            user.is_emergency_account = wanted;
        }
        user.is_emergency_account &= user.role == Role::SystemAdministrator;
        Ok(())
    }
}
