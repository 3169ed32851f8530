//! What the handlers work with.

use std::sync::Arc;
use std::time::Duration;

use accounts::Accounts;
use connection::Connections;
use domain::{Workspace, WorkspaceId};
use jiff::Timestamp;
use storage::Store;
use storage::sync_logs::SyncLogs;
use tokio::time::Instant;
use web::{Problem, SignedIn};

use crate::idempotency::Attempt;

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

    /// Returns when a request to SmartHR that begins now gives up.
    pub(crate) fn deadline() -> Instant {
        Instant::now() + PATIENCE
    }

    /// Returns the workspace that somebody is signed in to.
    pub(crate) async fn workspace(&self, id: &WorkspaceId) -> Result<Workspace, Problem> {
        let workspace = self.store().workspace(id).await?;
        workspace.ok_or_else(|| {
            tracing::error!(%id, "a session of a workspace that is not there");
            Problem::internal()
        })
    }

    /// Returns the accounts of the workspace, for what the admin asks now.
    pub(crate) fn accounts<'a>(&'a self, admin: &'a SignedIn) -> Accounts<'a> {
        self.accounts_for(admin, Attempt::first(self))
    }

    /// Returns the accounts of the workspace, for a request that may be a repetition.
    pub(crate) fn accounts_for<'a>(
        &'a self,
        admin: &'a SignedIn,
        attempt: Attempt,
    ) -> Accounts<'a> {
        Accounts {
            store: self.store(),
            queues: &self.connections.queues,
            secrets: &self.connections.secrets,
            random: &self.connections.random,
            workspace_id: &admin.workspace_id,
            admin: &admin.user,
            now: attempt.first_at,
            is_repetition: attempt.is_repetition,
        }
    }
}
