//! Metrics of runs, and of the requests of an invocation.

use domain::{Mode, Run, RunFailure, Trigger, time_of_run_id};
use jiff::Timestamp;
use lambda::aws_requests;
use lambda::metrics::Metrics;
use storage::queues::RunMessage;

/// Prints the metrics of a run that ended. `RunsFailed` counts scheduled runs that failed as a whole; its average is
/// the rate, and nobody is woken because of one that somebody started by hand. `RunsFailedByUs` counts all whose cause
/// is ours. `RunEnd` is the time from the start of the run, which is exactly 02:00 for scheduled ones.
pub(crate) fn run(workspace_id: &str, run: &Run, now: Timestamp) {
    if run.mode == Mode::Preview {
        return;
    }
    let failed = u32::from(run.failure.is_some());
    let is_ours = run.failure.as_ref().is_some_and(RunFailure::is_ours);
    let counts = run.counts;
    let ended = now.duration_since(run.started_at);
    let mut metrics = Metrics::new(now);
    if run.trigger == Trigger::Schedule {
        metrics = metrics.count("RunsFailed", failed);
    }
    metrics
        .property("workspace_id", workspace_id)
        .property("run_id", &run.run_id)
        .count("RunsEnded", 1_u32)
        .count("RunsFailedByUs", u32::from(is_ours))
        .count("RunsWithFailedPeople", u32::from(counts.failed > 0))
        .seconds("RunEnd", ended.as_secs_f64())
        .count("PeopleInvited", counts.invited + counts.reinvited)
        .count("PeopleRegistered", counts.registered)
        .count("PeopleUpdated", counts.updated)
        .count("PeopleDeleted", counts.deleted)
        .count("PeopleFailed", counts.failed)
        .count("PeopleUnchanged", counts.unchanged)
        .count("PeopleOutOfScope", counts.out_of_scope)
        .count("PeopleHeld", counts.held)
        .print();
    if let Some(by_day) = run.by_day {
        // Where webhooks silently died, the night finds everything and nothing is reflected by day.
        Metrics::new(now)
            .property("workspace_id", workspace_id)
            .property("run_id", &run.run_id)
            .count("ChangesReflectedByDay", by_day.reflected)
            .count("ChangesFoundAtNight", by_day.found)
            .print();
    }
    if let Some(failure) = &run.failure {
        Metrics::new(now)
            .dimension("Reason", failure.code())
            .property("workspace_id", workspace_id)
            .property("run_id", &run.run_id)
            .count("RunsFailed", failed)
            .print();
    }
}

/// Prints how long a run that somebody started has waited for its turn. SQS's age of the oldest message tells it
/// neither of a message that was put back, which is a new one, nor of one that was received more than three times.
pub(crate) fn wait(message: &RunMessage, now: Timestamp) {
    let is_by_hand = matches!(message.trigger, Trigger::Manual | Trigger::Operator);
    if !is_by_hand || message.continuation > 0 {
        return;
    }
    if let Some(asked_at) = time_of_run_id(&message.run_id) {
        Metrics::new(now)
            .property("workspace_id", &message.workspace_id)
            .property("run_id", &message.run_id)
            .seconds("RunWait", now.duration_since(asked_at).as_secs_f64())
            .print();
    }
}

/// Prints how many people a batch of reported people changed (即時反映). `run` is the entry of the day.
pub(crate) fn batch(workspace_id: &str, run: &Run, changed: usize, now: Timestamp) {
    let changed = u32::try_from(changed).unwrap_or(u32::MAX);
    Metrics::new(now)
        .property("workspace_id", workspace_id)
        .property("run_id", &run.run_id)
        .count("ImmediateBatches", 1_u32)
        .count("ImmediateChanges", changed)
        .print();
}

/// Prints the metrics of an invocation that took `seconds`: its requests to SmartHR (counted `before` and
/// `after` it) and to AWS, and how many of them were throttled.
pub(crate) fn invocation(
    before: smarthr::RequestCounts,
    after: smarthr::RequestCounts,
    seconds: f64,
    now: Timestamp,
) {
    let mut metrics = Metrics::new(now)
        .seconds("RunDuration", seconds)
        .count("SmartHrRequests", after.requests - before.requests)
        .count("SmartHrThrottled", after.throttled - before.throttled)
        .count("SmartHrRetries", after.retries - before.retries);
    for service in aws_requests::services() {
        let counted = service.take();
        metrics = metrics
            .count(&format!("{}Requests", service.name), counted.sent)
            .count(&format!("{}Throttled", service.name), counted.throttled);
    }
    metrics.print();
}
