//! Deals with each message, and tells the queue which ones to deliver again.

use aws_lambda_events::sqs::{SqsBatchResponse, SqsMessage};
use domain::{Counts, Mode, Run, RunOutcome};
use domain::{RunId, WorkspaceId};
use lambda::catch_panic::catch_panic;
use lambda::trace;
use lambda_runtime::{Error, LambdaEvent};
use serde::Serialize;
use storage::queues::RunMessage;
use storage::redelivery::{Queue, Redelivery};
use sync::{Done, Invocation, Runner};
use tokio::time::Instant;
use tracing::{Instrument, info_span};

use crate::deadline::deadline;
use crate::measure;
use crate::request::Request;

/// How often the queue delivers a message (`maxReceiveCount` in the template).
pub(crate) const DELIVERIES: u32 = 5;

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
    let (begun, before) = (Instant::now(), runner.connections.smarthr.metrics());
    let answer = answer(runner, event).await;
    let after = runner.connections.smarthr.metrics();
    let took = begun.elapsed().as_secs_f64();
    measure::invocation(before, after, took, (runner.clock)());
    answer
}

async fn answer(runner: &Runner, event: LambdaEvent<Request>) -> Result<Answer, Error> {
    let deadline = deadline(&event.context);
    let records = match event.payload {
        Request::Queue { records } => records,
        Request::ByHand(by_hand) => {
            let message = by_hand.message((runner.clock)());
            let invocation = Invocation {
                deadline,
                last_delivery: true,
            };
            let done = Box::pin(runner.run(&message, invocation)).await?;
            let summary = tell(runner, &message, done);
            return Ok(Answer::ByHand {
                runs: vec![summary],
            });
        }
    };
    let mut answer = SqsBatchResponse::default();
    for record in records {
        let invocation = Invocation {
            deadline,
            last_delivery: is_last(&record),
        };
        let body = record.body.as_deref().unwrap_or_default();
        let done = match serde_json::from_str::<RunMessage>(body) {
            Ok(message) => {
                let header = record.attributes.get("AWSTraceHeader");
                let span = info_span!(
                    "run",
                    workspace_id = %message.workspace_id,
                    run_id = %message.run_id,
                    trace_id = header.and_then(|header| trace::id(header)),
                );
                let work = async {
                    // A whole run is a large future: on the heap.
                    let done = Box::pin(runner.run(&message, invocation)).await;
                    done.map(|done| tell(runner, &message, done))
                };
                catch_panic(trace::within(header.cloned(), work.instrument(span)))
                    .await
                    .map_err(|panicked| panicked.to_string())
                    .and_then(|done| done.map_err(|error| error.to_string()))
            }
            Err(error) => Err(format!("not a message of ours: {error}")),
        };
        if let Err(error) = done {
            tracing::error!(%error, "the message will be delivered again");
            let again = Redelivery::of(record.receipt_handle.as_deref(), &record.attributes);
            runner.queues.deliver_again(Queue::Sync, again).await;
            answer.add_failure(record.message_id.unwrap_or_default());
        }
    }
    Ok(Answer::Queue(answer))
}

/// Whether SQS puts the message into the dead-letter queue, should this delivery fail.
fn is_last(record: &SqsMessage) -> bool {
    record
        .attributes
        .get("ApproximateReceiveCount")
        .and_then(|count| count.parse::<u32>().ok())
        .is_some_and(|count| count >= DELIVERIES)
}

fn tell(runner: &Runner, message: &RunMessage, done: Done) -> RunSummary {
    if let Done::Ended(run) = &done {
        measure::run(message.workspace_id.as_str(), run, (runner.clock)());
    }
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
