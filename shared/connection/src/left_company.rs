//! The tokens of companies that are neither linked nor wait to be confirmed any more.

use domain::WorkspaceId;
use storage::StoreError;
use tokio::time::Instant;

use crate::connections::Connections;

impl Connections {
    /// Deletes the tokens of the companies that were left; while the record names one, it is tried
    /// again, at the latest at night. Somebody else at the tokens is left to do it.
    ///
    /// # Errors
    /// [`StoreError`] when AWS does not answer.
    pub async fn delete_tokens_of_left_companies(
        &self,
        workspace_id: &WorkspaceId,
        deadline: Instant,
    ) -> Result<(), StoreError> {
        let link = self.store.connection(workspace_id).await?;
        if link.is_none_or(|link| link.left_companies.is_empty()) {
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
        let link = self.store.connection(workspace_id).await?;
        let left = link.map(|link| link.left_companies).unwrap_or_default();
        for company in &left {
            self.secrets.delete_tokens(workspace_id, company).await?;
        }
        self.update(workspace_id, |link| {
            link.left_companies
                .retain(|company| !left.contains(company));
            Ok::<(), StoreError>(())
        })
        .await?;
        Ok(())
    }
}
