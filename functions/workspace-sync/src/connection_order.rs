//! What an operator orders about a workspace's connection: `{"workspace_id": "…", "connection": "stop"}`.

use domain::{ConnectionState, WorkspaceId};
use lambda_runtime::Error;
use serde::{Deserialize, Serialize};
use sync::Runner;
use tokio::time::Instant;

/// The event.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConnectionOrder {
    workspace_id: WorkspaceId,
    connection: Order,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Order {
    /// Switches the sync off, and ends a run under way.
    Stop,
    /// Switches the sync on.
    Start,
    /// Undoes 「再連携が必要です」 if SmartHR still takes the refresh token.
    Restore,
}

/// The answer: the connection as it is then.
#[derive(Debug, Serialize)]
pub(crate) struct ConnectionAnswer {
    workspace_id: WorkspaceId,
    state: Option<ConnectionState>,
    enabled: bool,
}

impl ConnectionOrder {
    /// Carries the order out.
    ///
    /// # Errors
    /// Why it was not carried out, which the operator reads.
    pub(crate) async fn carry_out(
        self,
        runner: &Runner,
        request_id: &str,
        deadline: Instant,
    ) -> Result<ConnectionAnswer, Error> {
        let (connections, id) = (&runner.connections, &self.workspace_id);
        match self.connection {
            Order::Stop => {
                let stopped = connections.switch_sync(id, false, request_id, deadline);
                Box::pin(stopped).await?;
            }
            Order::Start => {
                let started = connections.switch_sync(id, true, request_id, deadline);
                Box::pin(started).await?;
            }
            Order::Restore => {
                let restored = connections.restore_connection(id, request_id, deadline);
                restored.await?;
            }
        }
        tracing::info!(workspace_id = %id, order = ?self.connection, "an operator's order was carried out");
        let connection = runner.store.connection(id).await?;
        Ok(ConnectionAnswer {
            enabled: connection
                .as_ref()
                .is_some_and(|connection| connection.settings.enabled),
            state: connection.map(|connection| connection.state),
            workspace_id: self.workspace_id,
        })
    }
}
