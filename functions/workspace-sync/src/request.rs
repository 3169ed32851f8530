//! What the function is asked for: messages from the queue, or a request by hand.

use aws_lambda_events::sqs::SqsMessage;
use domain::{Mode, Trigger};
use domain::{RunId, WorkspaceId};
use jiff::Timestamp;
use serde::Deserialize;
use storage::queues::RunMessage;

/// An event of either kind.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum Request {
    /// From SQS.
    Queue {
        /// The messages.
        #[serde(rename = "Records")]
        records: Vec<SqsMessage>,
    },
    /// By hand.
    ByHand(ByHand),
}

/// What an engineer writes: `{"workspace_id": "…"}`, perhaps with `"mode": "preview"`, or with the
/// `run_id` of a run to go on with.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ByHand {
    workspace_id: WorkspaceId,
    #[serde(default = "apply")]
    mode: Mode,
    run_id: Option<RunId>,
}

fn apply() -> Mode {
    Mode::Apply
}

impl ByHand {
    /// The message that the queue would carry.
    pub(crate) fn message(self, now: Timestamp) -> RunMessage {
        let trigger = Trigger::Operator;
        RunMessage {
            workspace_id: self.workspace_id,
            run_id: self.run_id.unwrap_or_else(|| domain::run_id(now, trigger)),
            trigger,
            mode: self.mode,
            continuation: 0,
        }
    }
}
