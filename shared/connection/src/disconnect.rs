//! [解除する]: our custom items in SmartHR, the tokens and the settings go.

use std::time::Duration;

use domain::{Connection, ConnectionState};
use domain::{DeletionDecisions, WorkspaceId};
use smarthr::SmartHrError;
use storage::StoreError;
use tokio::time::Instant;

use crate::connections::Connections;
use crate::items;
use crate::link::first_settings;
use crate::tokens::TokenError;

/// How long SmartHR may take; a night with time to spare need not wait for a SmartHR that is down.
const LONGEST_CLEAN_UP: Duration = Duration::from_mins(1);

/// How far a disconnect is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disconnect {
    /// Nothing is left.
    Done,
    /// KiteRa no longer syncs; our items in SmartHR are deleted later, SmartHR does not answer now.
    CleanUpLater,
}

impl Connections {
    /// Undoes the link. Users stay, and become editable again. SmartHR being down does not stop it: what
    /// is left to do there is done at night.
    ///
    /// May be cut short anywhere and called again; where nothing is linked, nothing happens.
    ///
    /// # Errors
    /// [`StoreError`] when AWS does not answer.
    pub async fn disconnect(
        &self,
        workspace_id: &WorkspaceId,
        deadline: Instant,
    ) -> Result<Disconnect, StoreError> {
        let workspace = self.workspace(workspace_id).await?;
        self.update(workspace_id, |link| {
            let left = match link.state {
                ConnectionState::Disconnecting => true,
                // Another company that waits to be confirmed goes as well, with its tokens.
                ConnectionState::Disconnected => link.pending.is_none(),
                ConnectionState::Connected | ConnectionState::ReconnectNeeded => false,
            };
            if !left {
                link.state = ConnectionState::Disconnecting;
                link.settings = first_settings(&workspace);
                link.decisions = DeletionDecisions::default();
                link.notified_failures = None;
            }
            Ok::<(), StoreError>(())
        })
        .await?;
        self.stop_runs(workspace_id).await?;
        self.finish_disconnect(workspace_id, deadline).await
    }

    /// Goes on with a disconnect that could not be finished; does nothing where there is none.
    ///
    /// # Errors
    /// [`StoreError`] when AWS does not answer.
    pub async fn finish_disconnect(
        &self,
        workspace_id: &WorkspaceId,
        deadline: Instant,
    ) -> Result<Disconnect, StoreError> {
        let deadline = deadline.min(Instant::now() + LONGEST_CLEAN_UP);
        let leaving = self.store.connection(workspace_id).await?;
        let Some(leaving) = leaving.filter(is_leaving) else {
            return Ok(Disconnect::Done);
        };
        if !self
            .clean_up_smarthr(workspace_id, &leaving, deadline)
            .await?
        {
            return Ok(Disconnect::CleanUpLater);
        }
        // Nobody may link the same company anew between what follows.
        let Some(lock) = self.lock_tokens(workspace_id, deadline).await? else {
            return Ok(Disconnect::CleanUpLater);
        };
        let forgotten = self.forget(workspace_id, leaving).await;
        self.unlock_tokens(workspace_id, lock).await;
        forgotten
    }

    /// Whether nothing is left in SmartHR that we could delete.
    async fn clean_up_smarthr(
        &self,
        workspace_id: &WorkspaceId,
        leaving: &Connection,
        deadline: Instant,
    ) -> Result<bool, StoreError> {
        if leaving.items.is_none() {
            return Ok(true);
        }
        let mut refresh = false;
        loop {
            let session = self
                .session_with(workspace_id, &leaving.company, refresh, deadline)
                .await;
            let session = match session {
                Ok(session) => session,
                Err(TokenError::Refused) => {
                    tracing::warn!("SmartHR refuses us: our items stay there");
                    return Ok(true);
                }
                Err(TokenError::Unavailable) => return Ok(false),
                Err(TokenError::Store(error)) => return Err(error),
            };
            match items::delete_from_smarthr(&session, leaving, deadline).await {
                Ok(()) => return Ok(true),
                Err(SmartHrError::Unauthorized) if !refresh => refresh = true,
                Err(error) => {
                    tracing::warn!(%error, "our items in SmartHR were not deleted");
                    return Ok(!error.is_transient());
                }
            }
        }
    }

    /// Tokens first: while the record says that there is something to forget, it is tried again.
    async fn forget(
        &self,
        workspace_id: &WorkspaceId,
        leaving: Connection,
    ) -> Result<Disconnect, StoreError> {
        let present = self.store.connection(workspace_id).await?;
        if present.as_ref() != Some(&leaving) {
            // Somebody linked again, or finished it, meanwhile.
            let done = present.is_none_or(|present| !is_leaving(&present));
            return Ok(if done {
                Disconnect::Done
            } else {
                Disconnect::CleanUpLater
            });
        }
        let mut forgotten = leaving;
        let waited = forgotten.pending.take().map(|waited| waited.tenant_id);
        let left = std::mem::take(&mut forgotten.left_companies);
        for other in waited.into_iter().chain(left) {
            self.secrets.delete_tokens(workspace_id, &other).await?;
        }
        self.secrets
            .delete_tokens(workspace_id, &forgotten.company.tenant_id)
            .await?;
        forgotten.state = ConnectionState::Disconnected;
        forgotten.items = None;
        self.store
            .put_connection(workspace_id, &mut forgotten)
            .await?;
        Ok(Disconnect::Done)
    }
}

fn is_leaving(link: &Connection) -> bool {
    link.state == ConnectionState::Disconnecting
}
