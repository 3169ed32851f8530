//! A user together with the hashes of their secrets.

use domain::{User, UserId, WorkspaceId};
use storage::users::CredentialHashes;
use storage::{Store, StoreError};

/// A user as stored, together with the hashes of their secrets.
pub(crate) struct Account {
    pub(crate) workspace_id: WorkspaceId,
    pub(crate) user: User,
    pub(crate) hashes: CredentialHashes,
}

impl Account {
    /// Reads a user's account; `None` if there is no such user.
    pub(crate) async fn load(
        store: &Store,
        workspace_id: &WorkspaceId,
        user_id: &UserId,
    ) -> Result<Option<Self>, StoreError> {
        let found = store.user_with_hashes(workspace_id, user_id).await?;
        Ok(found.map(|(user, hashes)| Self {
            workspace_id: workspace_id.clone(),
            user,
            hashes,
        }))
    }
}
