//! The tokens of a company that is neither linked nor waits to be confirmed any more.

use aws::StoreError;
use directory::WorkspaceId;
use tokio::time::Instant;

use crate::integrations::Integrations;

impl Integrations {
    /// Deletes the tokens of a company that was left, if there is one; while the record names it, it
    /// is tried again, at the latest at night. Somebody else at the tokens is left to do it.
    ///
    /// # Errors
    /// [`StoreError`] when AWS does not answer.
    pub async fn forget_left_company(
        &self,
        workspace_id: &WorkspaceId,
        deadline: Instant,
    ) -> Result<(), StoreError> {
        let link = self.store.integration(workspace_id).await?;
        if link.is_none_or(|link| link.left.is_none()) {
            return Ok(());
        }
        // Nobody may link the same company anew between what follows.
        let Some(lock) = self.lock_tokens(workspace_id, deadline).await? else {
            return Ok(());
        };
        let forgotten = self.forget_left(workspace_id).await;
        self.unlock_tokens(workspace_id, lock).await;
        forgotten
    }

    async fn forget_left(&self, workspace_id: &WorkspaceId) -> Result<(), StoreError> {
        let link = self.store.integration(workspace_id).await?;
        let Some(left) = link.and_then(|link| link.left) else {
            return Ok(());
        };
        self.secrets.delete_tokens(workspace_id, &left).await?;
        self.update(workspace_id, |link| {
            if link.left.as_ref() == Some(&left) {
                link.left = None;
            }
            Ok::<(), StoreError>(())
        })
        .await?;
        Ok(())
    }
}
