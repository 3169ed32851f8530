//! What the handlers work with.

use std::sync::Arc;
use std::time::Duration;

use connection::Connections;
use credentials::DerivationKey;
use domain::{Workspace, WorkspaceId};
use jiff::Timestamp;
use storage::Store;
use storage::sync_logs::SyncLogs;
use tokio::time::Instant;
use web::Problem;

/// How long SmartHR may take for one request of an admin, who waits for it.
const PATIENCE: Duration = Duration::from_secs(12);

/// Built once per process.
#[derive(Clone)]
pub struct App {
    /// The database, SmartHR, the queues, the secrets.
    pub connections: Arc<Connections>,
    /// The sync logs.
    pub logs: SyncLogs,
}

impl App {
    pub(crate) fn store(&self) -> &Store {
        &self.connections.store
    }

    pub(crate) fn now(&self) -> Timestamp {
        (self.connections.clock)()
    }

    /// When a request to SmartHR gives up.
    pub(crate) fn deadline() -> Instant {
        Instant::now() + PATIENCE
    }

    /// The workspace that somebody is signed in to.
    pub(crate) async fn workspace(&self, id: &WorkspaceId) -> Result<Workspace, Problem> {
        let workspace = self.store().workspace(id).await?;
        workspace.ok_or_else(|| {
            tracing::error!(%id, "a session of a workspace that is not there");
            Problem::internal()
        })
    }

    /// What invitations and initial passwords are derived from.
    pub(crate) async fn derivation_key(&self) -> Result<DerivationKey, Problem> {
        let secret = self.connections.secrets.derivation_key().await?;
        DerivationKey::from_secret(&secret).map_err(|error| {
            tracing::error!(%error, "the derivation key cannot be used");
            Problem::internal()
        })
    }

    /// Asks for the delivery of a mail that is in the outbox. Should that fail, it waits there.
    pub(crate) async fn ask_for_mail(&self, workspace_id: &WorkspaceId, mail_id: String) {
        let queues = &self.connections.queues;
        if let Err(error) = queues.send_mails(workspace_id, &[mail_id]).await {
            tracing::warn!(%error, "a mail waits in the outbox");
        }
    }
}
