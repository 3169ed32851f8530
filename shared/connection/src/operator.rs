//! What operators do with a connection, when its admins cannot.

use domain::{
    AuditAction, AuditEvent, Connection, ConnectionEvent, Settings, WorkspaceId, transition,
};
use storage::StoreError;
use tokio::time::Instant;

use crate::connections::Connections;
use crate::save_settings_error::SaveSettingsError;
use crate::tokens::TokenError;
use crate::update::ApplyError;

/// Why 「再連携が必要です」 was not undone.
#[derive(Debug, thiserror::Error)]
pub enum RestoreConnectionError {
    /// The workspace has no connection, or one that is as it should be.
    #[error("the connection does not need reconnecting")]
    NotNeeded,
    /// SmartHR issues no tokens, for this reason.
    #[error("{0}")]
    Token(#[from] TokenError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Connections {
    /// Switches the sync on or off, and leaves all other settings as the admins saved them. A run under way ends when
    /// it is switched off.
    ///
    /// # Errors
    /// [`SaveSettingsError`]; nothing was changed then.
    pub async fn switch_sync(
        &self,
        workspace_id: &WorkspaceId,
        enabled: bool,
        request_id: &str,
        deadline: Instant,
    ) -> Result<(), SaveSettingsError> {
        let connection = self.store.connection(workspace_id).await?;
        let connection = connection.ok_or(SaveSettingsError::NotConnected)?;
        let settings = Settings {
            enabled,
            ..connection.settings
        };
        let event = self.by_operator(request_id, AuditAction::SettingsSaved);
        self.save(workspace_id, &settings, event, deadline).await
    }

    /// Undoes 「再連携が必要です」 if SmartHR still takes the refresh token.
    ///
    /// # Errors
    /// [`RestoreConnectionError`]; the connection stays as it is then.
    pub async fn restore_connection(
        &self,
        workspace_id: &WorkspaceId,
        request_id: &str,
        deadline: Instant,
    ) -> Result<(), RestoreConnectionError> {
        let connection = self.store.connection(workspace_id).await?;
        let Some(connection) = connection.filter(Connection::needs_reconnect) else {
            return Err(RestoreConnectionError::NotNeeded);
        };
        let company = &connection.company;
        self.session(workspace_id, company, true, deadline).await?;
        let accepted = ConnectionEvent::TokenAccepted(company.tenant_id.clone());
        let event = self.by_operator(request_id, AuditAction::ConnectionRestored);
        let restored = self
            .update(workspace_id, Some(connection), |before| {
                let next = transition(before, accepted.clone())?;
                Ok::<_, ApplyError>(next.recorded([event.clone()]))
            })
            .await;
        match restored {
            Ok(_) => Ok(()),
            // The connection was ended in between.
            Err(ApplyError::Transition(_)) => Err(RestoreConnectionError::NotNeeded),
            Err(ApplyError::Store(error)) => Err(error.into()),
        }
    }

    fn by_operator(&self, request_id: &str, action: AuditAction) -> AuditEvent {
        AuditEvent::by_operator(request_id.to_owned(), action, (self.clock)())
    }
}
