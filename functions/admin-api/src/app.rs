//! The state of every handler.

use std::sync::Arc;
use std::time::Duration;

use accounts::{Accounts, Roster, Rosters};
use connection::Connections;
use domain::{Workspace, WorkspaceId};
use jiff::Timestamp;
use mail::ChatReach;
use storage::sync_logs::SyncLogs;
use storage::{Store, StoreError};
use tokio::time::Instant;
use web::{Problem, SignedIn};

use crate::crew_pages::CrewPages;
use crate::idempotency::Attempt;

/// The time limit for SmartHR in one request of a waiting admin.
const PATIENCE: Duration = Duration::from_secs(12);

/// The clients that every handler uses. Built once per process.
#[derive(Clone)]
pub struct App {
    /// The clients of the database, SmartHR, the queues and Secrets Manager.
    pub connections: Arc<Connections>,
    /// The sync logs in S3.
    pub logs: SyncLogs,
    /// Where SmartHR shows a person.
    pub(crate) crew_pages: CrewPages,
    /// Which chat webhooks may be registered.
    pub(crate) chat_reach: ChatReach,
    /// The users of the workspaces that were shown last.
    rosters: Rosters,
}

impl App {
    /// Creates the state of a process, which accepts chat webhooks of Slack and Teams only.
    pub fn new(connections: Arc<Connections>, logs: SyncLogs) -> Self {
        Self {
            connections,
            logs,
            crew_pages: CrewPages::default(),
            chat_reach: ChatReach::Public,
            rosters: Rosters::default(),
        }
    }

    /// Adds where SmartHR shows a person.
    #[must_use]
    pub fn with_crew_pages(self, crew_pages: CrewPages) -> Self {
        Self { crew_pages, ..self }
    }

    /// Sets which chat webhooks may be registered.
    #[must_use]
    pub fn with_chat_reach(self, chat_reach: ChatReach) -> Self {
        Self { chat_reach, ..self }
    }

    pub(crate) fn store(&self) -> &Store {
        &self.connections.store
    }

    pub(crate) fn now(&self) -> Timestamp {
        (self.connections.clock)()
    }

    /// Returns the deadline for requests to SmartHR on behalf of a request that begins now.
    pub(crate) fn deadline() -> Instant {
        Instant::now() + PATIENCE
    }

    /// Returns the workspace of a session.
    pub(crate) async fn workspace(&self, id: &WorkspaceId) -> Result<Workspace, Problem> {
        let workspace = self.store().workspace(id).await?;
        workspace.ok_or_else(|| {
            tracing::error!(%id, "the workspace of a session does not exist");
            Problem::internal()
        })
    }

    /// Returns the users of a workspace.
    pub(crate) async fn roster(&self, id: &WorkspaceId) -> Result<Arc<Roster>, StoreError> {
        // Boxed: pages read other things at the same time, and their futures would become large.
        Box::pin(self.rosters.of(self.store(), id, self.now())).await
    }

    /// Returns the accounts of the admin's workspace, for a request made now.
    pub(crate) fn accounts<'a>(&'a self, admin: &'a SignedIn) -> Accounts<'a> {
        self.accounts_for(admin, Attempt::first(self))
    }

    /// Returns the accounts of the admin's workspace, for a request that may be a repetition.
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
            author: admin.author(),
            now: attempt.first_at,
            is_repetition: attempt.is_repetition,
        }
    }
}
