//! Another SmartHR company than before: an admin confirms or refuses it.

use domain::{Connection, ConnectionState};
use domain::{DeletionDecisions, UserId, WorkspaceId};
use storage::StoreError;
use tokio::time::Instant;

use crate::connections::Connections;
use crate::items;

/// Why nothing was confirmed or refused.
#[derive(Debug, thiserror::Error)]
pub enum ConfirmError {
    /// No other company waits.
    #[error("no company waits to be confirmed")]
    NothingPending,
    /// A disconnect is under way.
    #[error("the link before is still being undone")]
    Disconnecting,
    /// Others are at the tokens just now.
    #[error("the tokens are in use")]
    Busy,
    /// Database or secrets.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Connections {
    /// Makes the company that waits the linked one, or forgets it.
    ///
    /// Accepting matches people anew (by e-mail, then employee code): the crew ids that users are
    /// linked by belong to the other company. Our items and the answers to held deletions belong to it
    /// as well and go. The settings stay except 有効にする, which is switched off: 連携対象 and
    /// 認証方法 have to be filled in over there first, and an admin should see a preview before
    /// another company's people are let in.
    ///
    /// Doing it again after a failure does no harm.
    ///
    /// # Errors
    /// [`ConfirmError`].
    pub async fn confirm_company_change(
        &self,
        workspace_id: &WorkspaceId,
        user_id: &UserId,
        accept: bool,
        deadline: Instant,
    ) -> Result<(), ConfirmError> {
        if accept {
            if self.finish_accepting(workspace_id, deadline).await? {
                return Ok(());
            }
            let link = self.pending_link(workspace_id).await?;
            if link.state == ConnectionState::Connected {
                self.clean_up_before_leaving(workspace_id, &link, deadline)
                    .await;
            }
        }
        let Some(lock) = self.lock_tokens(workspace_id, deadline).await? else {
            return Err(ConfirmError::Busy);
        };
        let done = match self.pending_link(workspace_id).await {
            Ok(link) if accept => self.accept(workspace_id, user_id, link).await,
            Ok(link) => self.refuse(workspace_id, link).await,
            Err(error) => Err(error),
        };
        self.unlock_tokens(workspace_id, lock).await;
        if done.is_ok() && accept {
            self.finish_accepting(workspace_id, deadline).await?;
        }
        done
    }

    /// Does what is left to do once the record names another company: no run goes on with the one
    /// before, whose tokens go. Gives whether there was something.
    async fn finish_accepting(
        &self,
        workspace_id: &WorkspaceId,
        deadline: Instant,
    ) -> Result<bool, StoreError> {
        let link = self.store.connection(workspace_id).await?;
        if link.is_none_or(|link| link.left_companies.is_empty() || link.pending.is_some()) {
            return Ok(false);
        }
        self.stop_runs(workspace_id).await?;
        self.delete_tokens_of_left_companies(workspace_id, deadline)
            .await?;
        Ok(true)
    }

    async fn pending_link(&self, workspace_id: &WorkspaceId) -> Result<Connection, ConfirmError> {
        let link = self.store.connection(workspace_id).await?;
        let link = link.filter(|link| link.pending.is_some());
        match link {
            None => Err(ConfirmError::NothingPending),
            Some(link) if link.state == ConnectionState::Disconnecting => {
                Err(ConfirmError::Disconnecting)
            }
            Some(link) => Ok(link),
        }
    }

    async fn accept(
        &self,
        workspace_id: &WorkspaceId,
        user_id: &UserId,
        mut link: Connection,
    ) -> Result<(), ConfirmError> {
        let company = link.pending.clone().ok_or(ConfirmError::NothingPending)?;
        let tokens = self
            .secrets
            .tokens(workspace_id, &company.tenant_id)
            .await?;
        if tokens.is_none() {
            // A refusal was cut short.
            self.refuse(workspace_id, link).await?;
            return Err(ConfirmError::NothingPending);
        }
        link.state = ConnectionState::Connected;
        let left = std::mem::replace(&mut link.company, company);
        link.pending = None;
        link.left_companies.push(left.tenant_id);
        link.linked_by = user_id.clone();
        link.linked_at = (self.clock)();
        link.settings.enabled = false;
        link.items = None;
        link.decisions = DeletionDecisions::default();
        link.notified_failures = None;
        self.store.put_connection(workspace_id, &mut link).await?;
        Ok(())
    }

    async fn refuse(
        &self,
        workspace_id: &WorkspaceId,
        mut link: Connection,
    ) -> Result<(), ConfirmError> {
        let company = link.pending.take().ok_or(ConfirmError::NothingPending)?;
        self.secrets
            .delete_tokens(workspace_id, &company.tenant_id)
            .await?;
        self.store.put_connection(workspace_id, &mut link).await?;
        Ok(())
    }

    /// Deletes our group in the company that is left, as far as it lets us: it is no longer used, and
    /// afterwards nobody could.
    async fn clean_up_before_leaving(
        &self,
        workspace_id: &WorkspaceId,
        link: &Connection,
        deadline: Instant,
    ) {
        if link.items.is_none() {
            return;
        }
        let session = self
            .session_with(workspace_id, &link.company, false, deadline)
            .await;
        let cleaned = match session {
            Ok(session) => items::delete_from_smarthr(&session, link, deadline)
                .await
                .map_err(|error| error.to_string()),
            Err(error) => Err(error.to_string()),
        };
        if let Err(error) = cleaned {
            tracing::warn!(%error, "our items stay in the company that was left");
        }
    }
}
