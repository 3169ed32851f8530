//! Handling of events: a batch of the queue's messages, each of which asks for one run, or an
//! operator's request.

use domain::{AuditAction, AuditEvent, Mode};
use lambda::deadline::deadline;
use lambda::sqs_batch::{SqsBatchResponse, SqsMessage};
use lambda::sqs_batch::{body, deliveries, process_each, trace_id};
use lambda_runtime::{Error, LambdaEvent};
use serde::Serialize;
use storage::StoreError;
use storage::queues::RunMessage;
use sync::{Invocation, InvocationOutcome, Runner};
use tokio::time::Instant;
use tracing::{Instrument, Span, info_span};

use crate::connection_order::ConnectionAnswer;
use crate::request::Request;
use crate::run_metrics;
use crate::run_summary::RunSummary;

/// The number of times that the queue delivers a message (`maxReceiveCount` in the template).
pub(crate) const DELIVERIES: u32 = 5;

/// The response of the function to an event.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum Response {
    /// The messages that SQS delivers again.
    Queue(SqsBatchResponse),
    /// The connection after an operator's order.
    Connection(ConnectionAnswer),
    /// The result of an operator's run.
    Operator {
        /// The summary of the run, as the only entry.
        runs: Vec<RunSummary>,
    },
}

/// Handles one event of the queue or of an operator.
///
/// # Errors
/// When an operator's run failed. A message that failed is named in the response instead.
pub(crate) async fn handle(
    runner: &Runner,
    event: LambdaEvent<Request>,
) -> Result<Response, Error> {
    let (started, before) = (Instant::now(), runner.connections.smarthr.metrics());
    let deadline = deadline(event.context.deadline);
    let response = match event.payload {
        Request::Queue { records } => Ok(Response::Queue(
            handle_batch(runner, records, deadline).await,
        )),
        Request::Connection(order) => {
            let request_id = &event.context.request_id;
            // The future of saved settings is large, so it lives on the heap.
            let carried_out = Box::pin(order.carry_out(runner, request_id, deadline)).await;
            carried_out.map(Response::Connection)
        }
        Request::Operator(request) => {
            let message = Box::pin(request.message(runner, deadline)).await?;
            record(runner, &message, &event.context.request_id).await?;
            let invocation = Invocation {
                deadline,
                last_delivery: true,
            };
            let (workspace_id, run_id) = (&message.workspace_id, &message.run_id);
            let span = info_span!("run", %workspace_id, %run_id);
            let summary = run(runner, &message, invocation).instrument(span).await;
            summary.map(|summary| Response::Operator {
                runs: vec![summary],
            })
        }
    };
    let after = runner.connections.smarthr.metrics();
    let seconds = started.elapsed().as_secs_f64();
    run_metrics::invocation(before, after, seconds, (runner.clock)());
    response
}

/// Tells the audit trail that an operator starts a run.
async fn record(runner: &Runner, message: &RunMessage, request_id: &str) -> Result<(), StoreError> {
    let action = match message.mode {
        Mode::Apply => AuditAction::RunStarted,
        Mode::Preview => AuditAction::PreviewStarted,
    };
    let event = AuditEvent::by_operator(request_id.to_owned(), action, (runner.clock)());
    let event = event.about_run(&message.run_id);
    let recorded = runner
        .store
        .record_audit_event(&message.workspace_id, &event);
    recorded.await
}

async fn handle_batch(
    runner: &Runner,
    records: Vec<SqsMessage>,
    deadline: Instant,
) -> SqsBatchResponse {
    let process = async |message: &SqsMessage| {
        let request: RunMessage = serde_json::from_str(body(message))
            .map_err(|error| format!("not a message of ours: {error}"))?;
        run_metrics::wait(&request, (runner.clock)());
        let invocation = Invocation {
            deadline,
            // Should this delivery fail, SQS puts the message into the dead-letter queue.
            last_delivery: deliveries(message) >= DELIVERIES,
        };
        let summary = run(runner, &request, invocation).await;
        summary.map(|_| ())
    };
    let failed = async |message: &SqsMessage, error: Error| {
        tracing::error!(%error, "the message will be delivered again");
        runner.queues.deliver_again(message).await;
    };
    process_each(records, span_of, process, failed).await
}

/// Returns the span of a message, whose fields are in every line about its run.
fn span_of(message: &SqsMessage) -> Span {
    let request: Option<RunMessage> = serde_json::from_str(body(message)).ok();
    info_span!(
        "run",
        message_id = message.message_id,
        workspace_id = request.as_ref().map(|it| it.workspace_id.as_str()),
        run_id = request.as_ref().map(|it| it.run_id.as_str()),
        trace_id = trace_id(message),
    )
}

async fn run(
    runner: &Runner,
    message: &RunMessage,
    invocation: Invocation,
) -> Result<RunSummary, Error> {
    // The future of a whole run is large, so it lives on the heap.
    let done = Box::pin(runner.run(message, invocation)).await?;
    let (workspace_id, now) = (message.workspace_id.as_str(), (runner.clock)());
    match &done {
        InvocationOutcome::Ended(run) => run_metrics::run(workspace_id, run, now),
        InvocationOutcome::Reflected { run, changed } => {
            run_metrics::batch(workspace_id, run, *changed, now);
        }
        _ => {}
    }
    let summary = RunSummary::new(message, done);
    summary.log();
    Ok(summary)
}
