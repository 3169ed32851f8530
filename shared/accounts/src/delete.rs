//! 「削除する」: takes a user out of the workspace, which frees a seat. They can be restored for 30 days.

use domain::{Role, User};
use storage::transaction::{Commit, UserWrite};

use crate::accounts::Accounts;
use crate::error::AccountError;
use crate::roles::check_may_delete;

impl Accounts<'_> {
    /// Deletes a user. An open invitation and all sessions end with it. The deletion of a システム管理者
    /// holds only while the admin is one too, so that one always remains.
    ///
    /// # Errors
    /// [`AccountError`]
    pub async fn delete(&self, before: User) -> Result<(), AccountError> {
        check_may_delete(self.admin, &before)?;
        let mut users = Vec::new();
        if before.role == Role::SystemAdministrator {
            users.push(UserWrite::as_it_is(self.admin));
        }
        users.push(UserWrite::Delete { before });
        self.commit(Commit {
            users,
            ..Commit::default()
        })
        .await
    }
}
