//! 「復元する」: restores a user who was deleted within the last 30 days.

use std::sync::Arc;

use domain::time::later;
use domain::{AuditAction, User, UserId, Workspace};
use jiff::Timestamp;
use storage::deleted_users::{DeletedUser, RESTORABLE};
use storage::transaction::{Commit, UserWrite};

use crate::accounts::Accounts;
use crate::error::AccountError;
use crate::roles::check_may_act_on;

/// Returns the end of the period in which a deleted user can be restored.
pub fn restorable_until(deleted: &DeletedUser) -> Timestamp {
    later(deleted.deleted_at, RESTORABLE)
}

impl Accounts<'_> {
    /// Restores a user, who takes a seat again, and returns them as stored. The crew link is not
    /// restored: with it, the next run would delete a retired user again. The next run finds an
    /// employed user by address or code.
    ///
    /// # Errors
    /// [`AccountError`] when the user cannot be restored, the admin may not restore them, or the write
    /// fails.
    pub async fn restore(
        &self,
        workspace: &Workspace,
        user_id: &str,
    ) -> Result<User, AccountError> {
        let id = UserId::new(user_id);
        let deleted = self.store.deleted_user(self.workspace_id, &id).await?;
        let deleted = deleted
            .filter(|deleted| self.now < restorable_until(deleted))
            .ok_or(AccountError::UnknownUser)?
            .user;
        check_may_act_on(self.admin, &deleted)?;
        let mut groups = deleted.groups.as_ref().clone();
        // Groups may have been deleted meanwhile.
        groups.retain(|id| workspace.group(id).is_some());
        let after = User {
            groups: Arc::new(groups),
            crew_link: None,
            synced_group: None,
            invitation: None,
            version: deleted.version + 1,
            ..deleted
        };
        self.check_identifiers_free(&after).await?;
        let event = self.event(AuditAction::UserRestored, &after);
        self.commit(
            event,
            Commit {
                users: vec![UserWrite::Restore {
                    after: after.clone(),
                }],
                seats: workspace.seats,
                ..Commit::default()
            },
        )
        .await?;
        Ok(after)
    }
}
