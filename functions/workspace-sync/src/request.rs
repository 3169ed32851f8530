//! Events of the function: messages of the queue, or an operator's request.

use domain::{Mode, RunId, Trigger, WorkspaceId};
use jiff::Timestamp;
use lambda::sqs_batch::SqsMessage;
use serde::Deserialize;
use storage::queues::RunMessage;

use crate::connection_order::ConnectionOrder;

/// An event of either kind.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum Request {
    /// A batch of the queue's messages.
    Queue {
        /// The messages, each with the JSON of a [`RunMessage`].
        #[serde(rename = "Records")]
        records: Vec<SqsMessage>,
    },
    /// An operator's order about the connection.
    Connection(ConnectionOrder),
    /// A request of an operator.
    Operator(OperatorRequest),
}

/// The JSON that an operator writes: `{"workspace_id": "…"}`, optionally with `"mode": "preview"`, or
/// with the `run_id` of a run to continue.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OperatorRequest {
    workspace_id: WorkspaceId,
    #[serde(default = "apply")]
    mode: Mode,
    run_id: Option<RunId>,
}

fn apply() -> Mode {
    Mode::Apply
}

impl OperatorRequest {
    /// Returns the message that the queue would carry.
    pub(crate) fn message(self, now: Timestamp) -> RunMessage {
        let trigger = Trigger::Operator;
        RunMessage {
            workspace_id: self.workspace_id,
            run_id: self.run_id.unwrap_or_else(|| domain::run_id(now, trigger)),
            trigger,
            mode: self.mode,
            continuation: 0,
            not_before: None,
            crew_ids: Vec::new(),
        }
    }
}
