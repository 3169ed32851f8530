//! 「SmartHRとの紐付けを解除」: for a user whose record in SmartHR was deleted and created again. The old crew
//! link keeps the user's address and code, so that the new record fails every night.

use credentials::IssuedCredential;
use domain::{AuditAction, Connection, ConnectionState, User};

use crate::accounts::Accounts;
use crate::error::AccountError;
use crate::roles::check_may_act_on;

/// Returns whether SmartHR determines the user's fields: the workspace is connected to the company of
/// the user's crew link.
///
/// Manual: 「連携中は、KiteRa側で名前・メールアドレス・従業員コード・認証方法の変更はできません」.
pub fn is_linked(user: &User, connection: Option<&Connection>) -> bool {
    connection.is_some_and(|connection| match connection.state {
        ConnectionState::Connected | ConnectionState::ReconnectNeeded => {
            user.crew_in(&connection.company.tenant_id).is_some()
        }
        ConnectionState::Disconnecting | ConnectionState::Disconnected => false,
    })
}

impl Accounts<'_> {
    /// Removes a user's crew link and returns the stored user. Every field can be edited then, and the
    /// next run matches the user again. The user keeps the record of the group that the sync assigned,
    /// so that this match can still move them.
    ///
    /// # Errors
    /// [`AccountError`] when the user has no crew link, the admin may not remove it, or the write
    /// fails.
    pub async fn unlink(
        &self,
        connection: Option<&Connection>,
        before: User,
    ) -> Result<User, AccountError> {
        check_may_act_on(self.admin, &before)?;
        if !is_linked(&before, connection) {
            return Err(AccountError::NotLinked);
        }
        let after = User {
            crew_link: None,
            version: before.version + 1,
            ..before.clone()
        };
        let nothing_issued = IssuedCredential::default();
        self.change_user(
            AuditAction::UserUnlinked,
            before,
            after.clone(),
            nothing_issued,
        )
        .await?;
        Ok(after)
    }
}
