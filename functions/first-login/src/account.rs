//! A user together with the hashes of their secrets.

use domain::{EmailAddress, User, UserId, WorkspaceId};
use storage::users::CredentialHashes;
use storage::{Store, StoreError};
use web::{Problem, SignedIn};

use crate::app::App;

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

    /// Reads the accounts of those users who exist.
    pub(crate) async fn load_all(
        store: &Store,
        users: &[(WorkspaceId, UserId)],
    ) -> Result<Vec<Self>, StoreError> {
        let found = store.users_with_hashes(users).await?;
        let account = |(workspace_id, user, hashes)| Self {
            workspace_id,
            user,
            hashes,
        };
        Ok(found.into_iter().map(account).collect())
    }

    /// Reads the account of the user who is signed in.
    ///
    /// # Errors
    /// The 401 when all their sessions were ended since the request was authenticated, for example by another browser
    /// that replaced the initial password first; the 503 when the table does not answer.
    pub(crate) async fn of_session(app: &App, signed_in: &SignedIn) -> Result<Self, Problem> {
        Self::load(&app.store, &signed_in.workspace_id, &signed_in.user.user_id)
            .await?
            .filter(|account| account.hashes.session_epoch == signed_in.session.epoch)
            .ok_or_else(Problem::not_signed_in)
    }

    /// Returns whether the person opened a link that was mailed to their present address.
    pub(crate) fn has_proven_email(&self) -> bool {
        let key = |email: &Option<EmailAddress>| email.as_ref().map(EmailAddress::key);
        self.user.email.is_some() && key(&self.user.email) == key(&self.hashes.proven_email)
    }
}
