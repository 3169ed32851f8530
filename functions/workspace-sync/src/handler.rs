//! Deals with each message, and tells the queue which ones to deliver again.

use aws::queues::RunMessage;
use aws::runs::{Counts, Mode, Run, RunOutcome};
use aws_lambda_events::sqs::SqsBatchResponse;
use directory::{RunId, WorkspaceId};
use lambda_runtime::{Error, LambdaEvent, tracing};
use serde::Serialize;
use sync::{Done, Runner};

use crate::deadline::deadline;
use crate::request::Request;

/// What the function answers: to SQS which messages failed, to an engineer what happened.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum Answer {
    /// To SQS.
    Queue(SqsBatchResponse),
    /// To an engineer.
    ByHand {
        /// One entry.
        runs: Vec<RunSummary>,
    },
}

/// One run in short. Names nobody.
#[derive(Debug, Serialize)]
pub(crate) struct RunSummary {
    workspace_id: WorkspaceId,
    run_id: RunId,
    mode: Mode,
    /// "ended", "ended before", "continues in a further message", "waits for another run" or
    /// "nothing to do".
    state: &'static str,
    outcome: Option<RunOutcome>,
    counts: Option<Counts>,
    failure: Option<&'static str>,
    log_key: Option<String>,
}

impl RunSummary {
    fn new(message: &RunMessage, done: Done) -> Self {
        let (state, run): (_, Option<Run>) = match done {
            Done::Ended(run) => ("ended", Some(run)),
            Done::Before(run) => ("ended before", Some(run)),
            Done::Continues => ("continues in a further message", None),
            Done::Waits => ("waits for another run", None),
            Done::Nothing => ("nothing to do", None),
        };
        Self {
            workspace_id: message.workspace_id.clone(),
            run_id: message.run_id.clone(),
            mode: message.mode,
            state,
            outcome: run.as_ref().map(|run| run.outcome),
            counts: run.as_ref().map(|run| run.counts),
            failure: run
                .as_ref()
                .and_then(|run| Some(run.failure.as_ref()?.code())),
            log_key: run.and_then(|run| run.log_key),
        }
    }
}

/// Handles one event.
///
/// # Errors
/// When a run asked for by hand failed. A failed message is told to SQS instead.
pub(crate) async fn handle(runner: &Runner, event: LambdaEvent<Request>) -> Result<Answer, Error> {
    let deadline = deadline(&event.context);
    let records = match event.payload {
        Request::Queue { records } => records,
        Request::ByHand(by_hand) => {
            let message = by_hand.message((runner.clock)());
            let done = runner.run(&message, deadline).await?;
            let summary = tell(&message, done);
            return Ok(Answer::ByHand {
                runs: vec![summary],
            });
        }
    };
    let mut answer = SqsBatchResponse::default();
    for record in records {
        let body = record.body.unwrap_or_default();
        let done = match serde_json::from_str::<RunMessage>(&body) {
            Ok(message) => runner
                .run(&message, deadline)
                .await
                .map(|done| tell(&message, done))
                .map_err(|error| error.to_string()),
            Err(error) => Err(format!("not a message of ours: {error}")),
        };
        if let Err(error) = done {
            tracing::error!(%error, "the message will be delivered again");
            answer.add_failure(record.message_id.unwrap_or_default());
        }
    }
    Ok(Answer::Queue(answer))
}

fn tell(message: &RunMessage, done: Done) -> RunSummary {
    let summary = RunSummary::new(message, done);
    tracing::info!(
        workspace_id = %summary.workspace_id,
        run_id = %summary.run_id,
        state = summary.state,
        outcome = ?summary.outcome,
        counts = ?summary.counts,
        failure = ?summary.failure,
        "run"
    );
    summary
}
