//! The event of the schedule, and the dispatch of the night's runs.

use domain::{RunId, WorkspaceId};
use jiff::Timestamp;
use lambda::metrics::Metrics;
use lambda_runtime::Error;
use serde::{Deserialize, Serialize};
use storage::Store;
use storage::queues::Queues;

/// The event that EventBridge Scheduler sends.
#[derive(Debug, Deserialize)]
pub(crate) struct Schedule {
    /// 02:00 of this night, which the ids of the runs are made from: an event that is delivered twice
    /// requests the same runs. An operator who invokes the function may omit it.
    scheduled_at: Option<Timestamp>,
}

/// The dispatched runs, for the log and the operator.
#[derive(Debug, Serialize)]
pub(crate) struct Dispatch {
    dispatched: Vec<Dispatched>,
}

#[derive(Debug, Serialize)]
struct Dispatched {
    workspace_id: WorkspaceId,
    run_id: RunId,
}

/// Dispatches the runs of the night.
pub(crate) struct Dispatcher {
    pub(crate) store: Store,
    pub(crate) queues: Queues,
    pub(crate) clock: fn() -> Timestamp,
}

impl Dispatcher {
    /// Sends a message for a run of every enabled workspace.
    ///
    /// # Errors
    /// When a message could not be sent; the schedule delivers the event again.
    pub(crate) async fn handle(&self, schedule: Schedule) -> Result<Dispatch, Error> {
        let scheduled_at = schedule.scheduled_at.unwrap_or_else(self.clock);
        let messages = sync::dispatch(&self.store, &self.queues, scheduled_at).await?;
        tracing::info!(workspaces = messages.len(), %scheduled_at, "dispatched");
        Metrics::new((self.clock)())
            .count("WorkspacesDispatched", messages.len() as u64)
            .print();
        Ok(Dispatch {
            dispatched: messages
                .into_iter()
                .map(|message| Dispatched {
                    workspace_id: message.workspace_id,
                    run_id: message.run_id,
                })
                .collect(),
        })
    }
}
