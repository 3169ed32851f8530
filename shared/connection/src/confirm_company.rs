//! The change to another SmartHR company, which an admin confirms or refuses.

use domain::audit::changes_of_company;
use domain::{
    AuditAction, Author, Company, Connection, ConnectionEvent, TransitionError, WorkspaceId,
    transition,
};
use storage::StoreError;
use tokio::time::Instant;

use crate::connections::Connections;
use crate::update::ApplyError;

/// The reason why a change of company was neither confirmed nor refused.
#[derive(Debug, thiserror::Error)]
pub enum ConfirmError {
    /// No company is pending.
    #[error("no company waits to be confirmed")]
    NothingPending,
    /// A disconnect is not finished.
    #[error("the connection before is still being ended")]
    Disconnecting,
    /// Another function has the token lock.
    #[error("the tokens are in use")]
    Busy,
    /// The database or Secrets Manager failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<ApplyError> for ConfirmError {
    fn from(error: ApplyError) -> Self {
        match error {
            ApplyError::Store(error) => Self::Store(error),
            ApplyError::Transition(TransitionError::Disconnecting) => Self::Disconnecting,
            ApplyError::Transition(_) => Self::NothingPending,
        }
    }
}

impl Connections {
    /// Connects the pending company in place of the current one, or discards it.
    ///
    /// Accepting makes the next run match people again (by e-mail, then employee code), because the
    /// users' crew ids belong to the previous company. Our custom items there and the decisions about
    /// held deletions are deleted. The settings stay, except 有効にする, which is switched off: an admin
    /// should first fill in 連携対象 and 認証方法 in the new company and look at a preview.
    ///
    /// May be interrupted at any point and called again.
    ///
    /// # Errors
    /// [`ConfirmError`] when no company is pending, the connection is busy, or AWS does not answer.
    pub async fn confirm_company_change(
        &self,
        workspace_id: &WorkspaceId,
        by: &Author,
        accept: bool,
        deadline: Instant,
    ) -> Result<(), ConfirmError> {
        if accept {
            let connection = self.store.connection(workspace_id).await?;
            let connection = connection.ok_or(ConfirmError::NothingPending)?;
            if !connection.left_companies.is_empty() && connection.pending.is_none() {
                // An earlier call accepted the company and was interrupted.
                self.stop_runs(workspace_id).await?;
                self.delete_tokens_of_left_companies(workspace_id, &connection, deadline)
                    .await?;
                return Ok(());
            }
            pending(&connection)?;
            if connection.is_connected() {
                self.clean_up_before_leaving(workspace_id, &connection, deadline)
                    .await;
            }
            self.forget_webhook(&connection).await?;
        }
        let connection = self
            .with_token_lock(workspace_id, deadline, |_| {
                self.decide_with_lock(workspace_id, by, accept)
            })
            .await?
            .ok_or(ConfirmError::Busy)?;
        if accept {
            self.delete_tokens_of_left_companies(workspace_id, &connection, deadline)
                .await?;
            let company = &connection.company;
            let session = self.session(workspace_id, company, false, deadline).await;
            if let Ok(session) = session {
                self.ensure_webhook(workspace_id, &connection, &session, deadline)
                    .await;
            }
        }
        Ok(())
    }

    /// Reads the record again: only under the lock can nobody connect or discard a company in between.
    async fn decide_with_lock(
        &self,
        workspace_id: &WorkspaceId,
        by: &Author,
        accept: bool,
    ) -> Result<Connection, ConfirmError> {
        let connection = self.store.connection(workspace_id).await?;
        let connection = connection.ok_or(ConfirmError::NothingPending)?;
        let company = pending(&connection)?;
        // An interrupted refusal has already deleted the tokens.
        let was_refused = accept
            && self
                .secrets
                .tokens(workspace_id, &company.tenant_id)
                .await?
                .is_none();
        let (event, action) = if accept && !was_refused {
            let confirmed = ConnectionEvent::CompanyConfirmed {
                admin: by.user_id.clone(),
                at: (self.clock)(),
            };
            (confirmed, AuditAction::CompanyConfirmed)
        } else {
            (ConnectionEvent::CompanyRefused, AuditAction::CompanyRefused)
        };
        let answered = self.event(by, action);
        let connection = self
            .update(workspace_id, Some(connection), |before| {
                let next = transition(before, event.clone())?;
                let changes = changes_of_company(before, &next.connection);
                Ok::<_, ApplyError>(next.recorded([answered.clone().with_changes(changes)]))
            })
            .await?;
        if was_refused {
            return Err(ConfirmError::NothingPending);
        }
        Ok(connection)
    }

    /// Deletes our items and our webhook in the company that is left, if SmartHR allows it. Without its
    /// tokens, nobody could delete them later.
    async fn clean_up_before_leaving(
        &self,
        workspace_id: &WorkspaceId,
        connection: &Connection,
        deadline: Instant,
    ) {
        if connection.items.is_none() && connection.webhook.is_none() {
            return;
        }
        let session = self
            .session(workspace_id, &connection.company, false, deadline)
            .await;
        let deleted = match session {
            Ok(session) => self
                .delete_items_and_webhook(&session, connection, deadline)
                .await
                .map_err(|error| error.to_string()),
            Err(error) => Err(error.to_string()),
        };
        if let Err(error) = deleted {
            tracing::warn!(%error, "our items or our webhook stay in the company that was left");
        }
    }
}

/// Returns the pending company, which can be confirmed or refused.
fn pending(connection: &Connection) -> Result<&Company, ConfirmError> {
    let pending = connection.pending.as_ref();
    let pending = pending.ok_or(ConfirmError::NothingPending)?;
    if connection.is_disconnecting() {
        return Err(ConfirmError::Disconnecting);
    }
    Ok(pending)
}
