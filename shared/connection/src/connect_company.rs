//! Makes a company whose tokens were just issued the connected company, or the pending one.

use std::time::Duration;

use domain::audit::changes_of_company;
use domain::{AuditAction, Author, Company, Connection, ConnectionEvent, WorkspaceId, transition};
use smarthr::{ApiAccess, Session, SmartHrError, Tokens};
use storage::secrets::StoredTokens;
use tokio::time::Instant;

use crate::callback::{CallbackOutcome, Stop};
use crate::connections::Connections;
use crate::custom_items::log_failed_deletion;
use crate::first_settings::first_settings;
use crate::tokens::stored_form;

/// The time limit for deleting what an unfinished disconnect left behind.
const LONGEST_CLEANUP: Duration = Duration::from_secs(15);

/// A company with new tokens, and the admin who connects it.
pub(crate) struct NewConnection<'a> {
    pub(crate) workspace_id: &'a WorkspaceId,
    pub(crate) by: &'a Author,
    pub(crate) company: Company,
}

impl Connections {
    /// Stores the tokens and connects their company.
    pub(crate) async fn connect_company(
        &self,
        new: NewConnection<'_>,
        tokens: Tokens,
        deadline: Instant,
    ) -> Result<CallbackOutcome, Stop> {
        let id = new.workspace_id;
        let before = self.store.connection(id).await?;
        if let Some(before) =
            before.filter(|before| before.company.tenant_id != new.company.tenant_id)
        {
            // Our items in the previous company are deleted first, while its tokens still exist.
            self.finish_disconnect(id, &before, deadline).await?;
        }
        let tokens = stored_form(tokens);
        let connection = self
            .with_token_lock(id, deadline, |lock| {
                self.connect_with_lock(&new, &tokens, deadline.min(lock.work_until))
            })
            .await?
            .ok_or(CallbackOutcome::Unavailable)?;
        if let Err(error) = self
            .delete_tokens_of_left_companies(id, &connection, deadline)
            .await
        {
            // The new company is connected nevertheless.
            tracing::warn!(%error, "tokens of a company that was left are still to be deleted");
        }
        if connection.pending.is_none()
            && let Ok(session) = self.session_with(&tokens, &new.company)
        {
            // A large future, which lives on the heap.
            Box::pin(self.ensure_webhook(id, &connection, &session, deadline)).await;
        }
        Ok(match connection.pending {
            Some(pending) => CallbackOutcome::ConfirmationNeeded {
                connected_name: connection.company.name,
                new_name: pending.name,
            },
            None => CallbackOutcome::Connected {
                company_name: connection.company.name,
            },
        })
    }

    /// Reads the record again: only under the lock can nobody connect another company in between.
    async fn connect_with_lock(
        &self,
        new: &NewConnection<'_>,
        tokens: &StoredTokens,
        deadline: Instant,
    ) -> Result<Connection, Stop> {
        let id = new.workspace_id;
        let workspace = self.workspace(id).await?;
        let before = self.store.connection(id).await?;
        let disconnecting = before.clone().filter(Connection::is_disconnecting);
        if disconnecting
            .as_ref()
            .is_some_and(|before| before.company.tenant_id != new.company.tenant_id)
        {
            return Err(CallbackOutcome::Unavailable.into());
        }
        self.store_tokens(id, &new.company.tenant_id, tokens)
            .await?;
        if let Some(disconnecting) = &disconnecting {
            self.clean_up(disconnecting, &new.company, tokens, deadline)
                .await?;
            self.forget_webhook(disconnecting).await?;
        }
        let event = ConnectionEvent::ConnectSucceeded {
            company: new.company.clone(),
            admin: new.by.user_id.clone(),
            at: (self.clock)(),
            first_settings: first_settings(&workspace),
        };
        let connected = self.event(new.by, AuditAction::Connected);
        self.update(id, before, |before| {
            let is_cleaned_up = before == disconnecting.as_ref();
            if before.is_some_and(Connection::is_disconnecting) && !is_cleaned_up {
                // Another request disconnected the workspace in between.
                return Err(CallbackOutcome::Unavailable.into());
            }
            let next = transition(before, event.clone());
            let next = next.map_err(|_| CallbackOutcome::Unavailable)?;
            let changes = changes_of_company(before, &next.connection);
            Ok::<_, Stop>(next.recorded([connected.clone().with_changes(changes)]))
        })
        .await
    }

    /// Deletes what an unfinished disconnect left in the same company, with the new tokens.
    async fn clean_up(
        &self,
        disconnecting: &Connection,
        company: &Company,
        tokens: &StoredTokens,
        deadline: Instant,
    ) -> Result<(), CallbackOutcome> {
        if disconnecting.items.is_none() && disconnecting.webhook.is_none() {
            return Ok(());
        }
        let deadline = deadline.min(Instant::now() + LONGEST_CLEANUP);
        let deleted = match self.session_with(tokens, company) {
            Ok(session) => {
                self.delete_items_and_webhook(&session, disconnecting, deadline)
                    .await
            }
            Err(error) => Err(error),
        };
        match deleted {
            Err(error) if !log_failed_deletion(&error) => Err(CallbackOutcome::Unavailable),
            _ => Ok(()),
        }
    }

    /// Returns a session with tokens that were just issued for a company.
    fn session_with(
        &self,
        tokens: &StoredTokens,
        company: &Company,
    ) -> Result<Session, SmartHrError> {
        self.smarthr.session(ApiAccess {
            access_token: tokens.access_token.clone(),
            subdomain: company.subdomain.clone(),
        })
    }
}
