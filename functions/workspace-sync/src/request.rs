//! Events of the function: messages of the queue, or an operator's request.

use domain::{
    CrewId, MOST_CREWS_IN_BATCH, Mode, RunId, Trigger, WorkspaceId, day_entry_id, is_plain_id,
};
use lambda::sqs_batch::SqsMessage;
use lambda_runtime::Error;
use serde::Deserialize;
use storage::queues::RunMessage;
use sync::Runner;
use tokio::time::Instant;

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

/// The JSON that an operator writes: `{"workspace_id": "…"}`, optionally with `"mode": "preview"`, or with the `run_id`
/// of a run to continue. With `crew_ids` or an `employee_code` as SmartHR has it, only these people are looked at, as
/// if SmartHR had reported them.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OperatorRequest {
    workspace_id: WorkspaceId,
    #[serde(default = "apply")]
    mode: Mode,
    run_id: Option<RunId>,
    #[serde(default)]
    crew_ids: Vec<CrewId>,
    employee_code: Option<String>,
}

fn apply() -> Mode {
    Mode::Apply
}

impl OperatorRequest {
    /// Returns the message that the queue would carry. People whom the request names are reported as changed first.
    ///
    /// # Errors
    /// Why the request cannot be carried out, which the operator reads.
    pub(crate) async fn message(
        self,
        runner: &Runner,
        deadline: Instant,
    ) -> Result<RunMessage, Error> {
        let now = (runner.clock)();
        let id = self.workspace_id;
        let mut crew_ids = self.crew_ids;
        if let Some(code) = &self.employee_code {
            let found = runner.crews_with_code(&id, code, deadline).await?;
            if found.is_empty() {
                return Err("SmartHR has nobody with this employee code".into());
            }
            crew_ids.extend(found);
        }
        if crew_ids.len() > MOST_CREWS_IN_BATCH {
            return Err(
                format!("at most {MOST_CREWS_IN_BATCH} people; sync everybody instead").into(),
            );
        }
        if !crew_ids.iter().all(|crew| is_plain_id(crew.as_str())) {
            return Err("a crew id is not one of SmartHR's (a UUID)".into());
        }
        let is_of_people = !crew_ids.is_empty() && self.mode == Mode::Apply;
        if is_of_people {
            let reported = runner
                .store
                .report_changed_crews(&id, &crew_ids, false, now);
            reported.await?;
        }
        let trigger = if is_of_people {
            Trigger::Immediate
        } else {
            Trigger::Operator
        };
        let run_id = self.run_id.unwrap_or_else(|| match trigger {
            Trigger::Immediate => day_entry_id(now),
            _ => domain::run_id(now, trigger),
        });
        Ok(RunMessage {
            crew_ids,
            ..RunMessage::first(id, run_id, trigger, self.mode)
        })
    }
}
