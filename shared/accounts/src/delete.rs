//! 「削除する」: deletes a user, which frees a seat. The user can be restored for 30 days.

use domain::{AuditAction, User};
use storage::transaction::{Commit, UserWrite};

use crate::accounts::Accounts;
use crate::error::AccountError;
use crate::roles::check_may_delete;

impl Accounts<'_> {
    /// Deletes a user, with their open invitation and all their sessions.
    ///
    /// # Errors
    /// [`AccountError`] when the admin may not delete the user, or the write fails.
    pub async fn delete(&self, before: User) -> Result<(), AccountError> {
        check_may_delete(self.admin, &before)?;
        let event = self.event(AuditAction::UserDeleted, &before);
        let mut users = self.others_who_stay(&before, None).await?;
        users.push(UserWrite::Delete { before });
        self.commit(
            event,
            Commit {
                users,
                ..Commit::default()
            },
        )
        .await
    }
}
