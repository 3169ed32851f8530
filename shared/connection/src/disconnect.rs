//! [解除する] deletes, in this order: the settings and the decisions about held deletions, our custom items and our
//! webhook in SmartHR, the webhook's registration, the tokens of pending and left companies, and the tokens of the
//! connected company. Users stay.

use std::time::Duration;

use domain::{AuditAction, Author, Connection, ConnectionEvent, WorkspaceId, transition};
use storage::StoreError;
use tokio::time::Instant;

use crate::connections::Connections;
use crate::custom_items::log_failed_deletion;
use crate::first_settings::first_settings;
use crate::tokens::{SessionError, TokenError};
use crate::update::ApplyError;

/// The time limit for requests to SmartHR: a nightly run need not wait for a SmartHR that is down.
const LONGEST_CLEANUP: Duration = Duration::from_mins(1);

/// The progress of a disconnect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DisconnectOutcome {
    /// The connection and everything that belonged to it are deleted.
    Finished,
    /// KiteRa no longer syncs, but SmartHR does not answer: our items there are deleted later.
    CleanupPending,
}

impl Connections {
    /// Ends the connection. Users stay and become editable again. If SmartHR is down, the next night's
    /// run deletes what is left there.
    ///
    /// May be interrupted at any point and called again; does nothing without a connection.
    ///
    /// # Errors
    /// [`StoreError`] when AWS does not answer.
    pub async fn disconnect(
        &self,
        workspace_id: &WorkspaceId,
        by: &Author,
        deadline: Instant,
    ) -> Result<DisconnectOutcome, StoreError> {
        let first_settings = first_settings(&self.workspace(workspace_id).await?);
        let connection = self.store.connection(workspace_id).await?;
        let event = ConnectionEvent::DisconnectRequested { first_settings };
        let disconnected = self.event(by, AuditAction::Disconnected);
        let stored = self.update(workspace_id, connection, |before| {
            let next = transition(before, event.clone())?;
            Ok::<_, ApplyError>(next.recorded([disconnected.clone()]))
        });
        match stored.await {
            Ok(connection) => {
                self.finish_disconnect(workspace_id, &connection, deadline)
                    .await
            }
            Err(ApplyError::Transition(_)) => Ok(DisconnectOutcome::Finished),
            Err(ApplyError::Store(error)) => Err(error),
        }
    }

    /// Continues a disconnect that was not finished; does nothing in any other state.
    ///
    /// # Errors
    /// [`StoreError`] when AWS does not answer.
    pub async fn finish_disconnect(
        &self,
        workspace_id: &WorkspaceId,
        connection: &Connection,
        deadline: Instant,
    ) -> Result<DisconnectOutcome, StoreError> {
        let deadline = deadline.min(Instant::now() + LONGEST_CLEANUP);
        if !connection.is_disconnecting() {
            return Ok(DisconnectOutcome::Finished);
        }
        let cleaned = self.clean_up_smarthr(workspace_id, connection, deadline);
        if !cleaned.await? {
            return Ok(DisconnectOutcome::CleanupPending);
        }
        self.forget_webhook(connection).await?;
        // Under the lock nobody can connect the same company in between.
        let deleted = self
            .with_token_lock(workspace_id, deadline, |_| {
                self.delete_tokens_and_items(workspace_id, connection)
            })
            .await?;
        Ok(deleted.unwrap_or(DisconnectOutcome::CleanupPending))
    }

    /// Deletes our items and our webhook in SmartHR, and returns whether nothing is left there that we could delete.
    async fn clean_up_smarthr(
        &self,
        workspace_id: &WorkspaceId,
        connection: &Connection,
        deadline: Instant,
    ) -> Result<bool, StoreError> {
        if connection.items.is_none() && connection.webhook.is_none() {
            return Ok(true);
        }
        let deleted = self
            .with_session(workspace_id, connection, deadline, |session| async move {
                self.delete_items_and_webhook(&session, connection, deadline)
                    .await
            })
            .await;
        match deleted {
            Ok(()) => Ok(true),
            Err(SessionError::Token(TokenError::Refused)) => {
                tracing::warn!("SmartHR refuses our tokens: what is ours stays there");
                Ok(true)
            }
            Err(SessionError::Token(TokenError::Unavailable | TokenError::ClientRefused)) => {
                Ok(false)
            }
            Err(SessionError::Token(TokenError::Store(error))) => Err(error),
            Err(SessionError::Call(error)) => Ok(log_failed_deletion(&error)),
        }
    }

    /// Reads the record again: reading SmartHR and acquiring the lock took time, and a record that has
    /// changed since may need its tokens and items.
    async fn delete_tokens_and_items(
        &self,
        workspace_id: &WorkspaceId,
        cleaned: &Connection,
    ) -> Result<DisconnectOutcome, StoreError> {
        let connection = self.store.connection(workspace_id).await?;
        let finished = transition(connection.as_ref(), ConnectionEvent::CleanupFinished);
        match (connection, finished) {
            (Some(connection), Ok(finished)) if connection == *cleaned => {
                self.store_transition(workspace_id, Some(cleaned), finished)
                    .await?;
                Ok(DisconnectOutcome::Finished)
            }
            (Some(connection), _) if connection.is_disconnecting() => {
                Ok(DisconnectOutcome::CleanupPending)
            }
            // Another request connected again or finished the disconnect.
            _ => Ok(DisconnectOutcome::Finished),
        }
    }
}
