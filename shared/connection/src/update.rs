//! Changes of the connection's record: decided, stored, and decided again when another version was
//! stored in between.

use domain::{
    Connection, ConnectionEvent, Effect, MailKind, OutboxMail, TenantId, Transition,
    TransitionError, WorkspaceId, transition,
};
use storage::StoreError;

use crate::connections::Connections;

/// The number of times that a change is decided before giving up.
const MAX_ATTEMPTS: u32 = 5;

/// The reason why an event was not applied.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ApplyError {
    /// The transition rules do not allow the event in the connection's state.
    #[error("the event cannot happen now: {0:?}")]
    Transition(TransitionError),
    /// DynamoDB or Secrets Manager did not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<TransitionError> for ApplyError {
    fn from(error: TransitionError) -> Self {
        Self::Transition(error)
    }
}

impl Connections {
    /// Applies `event` to the record, as [`Connections::update`] does with other changes.
    pub(crate) async fn apply(
        &self,
        workspace_id: &WorkspaceId,
        known: Option<Connection>,
        event: &ConnectionEvent,
    ) -> Result<Connection, ApplyError> {
        self.update(workspace_id, known, |before| {
            Ok(transition(before, event.clone())?)
        })
        .await
    }

    /// Calls `decide` to change the record, stores it if it changed, carries out the effects, and
    /// returns the record as stored. `known` is the record as the caller read it; `decide` runs again
    /// on a newer record when another request stored one in between. Effects that delete tokens need
    /// the token lock.
    ///
    /// # Errors
    /// The errors of `decide`, and [`StoreError`] when AWS does not answer.
    pub(crate) async fn update<E: From<StoreError>>(
        &self,
        workspace_id: &WorkspaceId,
        known: Option<Connection>,
        mut decide: impl FnMut(Option<&Connection>) -> Result<Transition, E>,
    ) -> Result<Connection, E> {
        let mut before = known;
        let mut attempt = 0;
        loop {
            attempt += 1;
            let next = decide(before.as_ref())?;
            let effects = next.effects.clone();
            let stored = self.store_transition(workspace_id, before.as_ref(), next);
            match stored.await {
                Ok(stored) => {
                    if effects.contains(&Effect::StopRuns) {
                        self.stop_runs(workspace_id).await?;
                    }
                    return Ok(stored);
                }
                Err(StoreError::Conflict(_)) if attempt < MAX_ATTEMPTS => {
                    before = self.store.connection(workspace_id).await?;
                }
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Changes the record as `change` says, unless another company than `tenant` is connected by now.
    ///
    /// # Errors
    /// [`StoreError`] when AWS does not answer.
    pub(crate) async fn update_of_company(
        &self,
        workspace_id: &WorkspaceId,
        tenant: &TenantId,
        change: impl Fn(&mut Connection),
    ) -> Result<(), StoreError> {
        let Some(connection) = self.store.connection(workspace_id).await? else {
            return Ok(());
        };
        self.update(workspace_id, Some(connection), |before| {
            let mut next = before
                .cloned()
                .ok_or(StoreError::Conflict("the connection is gone"))?;
            if next.company.tenant_id == *tenant {
                change(&mut next);
            }
            Ok::<_, StoreError>(next.into())
        })
        .await?;
        Ok(())
    }

    /// Deletes the tokens that `next` names and stores its record, decided on `before`, with its mail and
    /// what the audit trail says.
    pub(crate) async fn store_transition(
        &self,
        workspace_id: &WorkspaceId,
        before: Option<&Connection>,
        next: Transition,
    ) -> Result<Connection, StoreError> {
        let mut connection = next.connection;
        if before == Some(&connection) {
            return Ok(connection);
        }
        let mut mail = None;
        for effect in &next.effects {
            match effect {
                Effect::DeleteTokens(company) => {
                    self.secrets.delete_tokens(workspace_id, company).await?;
                }
                Effect::MailReconnectNeeded => {
                    mail = Some(OutboxMail::new(MailKind::ReconnectNeeded, (self.clock)()));
                }
                Effect::MailConnected => {
                    mail = Some(OutboxMail::new(MailKind::Connected, (self.clock)()));
                }
                Effect::StopRuns => {}
            }
        }
        if mail.is_none() && next.audit.is_empty() {
            self.store
                .put_connection(workspace_id, &mut connection)
                .await?;
            return Ok(connection);
        }
        self.store
            .put_recorded_connection(workspace_id, &mut connection, mail.as_ref(), &next.audit)
            .await?;
        let Some(mail) = mail else {
            return Ok(connection);
        };
        let sent = self.queues.send_mails(workspace_id, &[mail.mail_id]).await;
        if let Err(error) = sent {
            tracing::warn!(%error, "the mail waits in the outbox");
        }
        Ok(connection)
    }
}
