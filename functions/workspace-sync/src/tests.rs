//! Batches of messages with one that fails.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use domain::{RunOutcome, WorkspaceId};
use jiff::Timestamp;
use lambda::log_lines;
use lambda::sqs_batch::SqsMessage;
use lambda_runtime::{Context, LambdaEvent};
use serde_json::{Deserializer, Value, json};
use storage::queues::RunMessage;
use sync::Runner;
use testkit::{Fault, TestEnv, now, person};

use crate::handler::{DELIVERIES, Response, handle};
use crate::request::Request;

/// Returns a message of the queue in its `delivery`-th delivery.
fn record(id: &str, body: String, delivery: u32) -> SqsMessage {
    let mut record = SqsMessage::default();
    record.event_source_arn = Some("arn:aws:sqs:ap-northeast-1:123456789012:sync".into());
    record.message_id = Some(id.into());
    record.receipt_handle = Some(id.into());
    record.body = Some(body);
    let count = ("ApproximateReceiveCount".into(), delivery.to_string());
    record.attributes = [count].into();
    record
}

/// Handles a batch and returns the messages that SQS delivers again.
async fn failed(runner: &Runner, records: Vec<SqsMessage>) -> Vec<String> {
    let mut context = Context::default();
    context.deadline = u64::MAX / 2_000_000;
    let event = LambdaEvent::new(Request::Queue { records }, context);
    let Response::Queue(response) = handle(runner, event).await.unwrap() else {
        panic!("a response for an operator");
    };
    let failures = response.batch_item_failures.into_iter();
    failures.map(|failure| failure.item_identifier).collect()
}

/// Returns an environment with one person in SmartHR.
async fn with_one_person() -> TestEnv {
    let env = TestEnv::new(100, None).await;
    env.set_crews(&[person(1)]).await;
    env
}

fn text(message: &RunMessage) -> String {
    serde_json::to_string(message).unwrap()
}

#[tokio::test]
async fn a_poisoned_message_holds_up_no_other_of_its_batch() {
    let env = with_one_person().await;
    let unknown = RunMessage {
        workspace_id: WorkspaceId::new("ws_of_nobody"),
        ..env.nightly_message()
    };
    let records = vec![
        record("broken", "{".into(), 1),
        record("unknown", text(&unknown), 1),
        record("good", text(&env.nightly_message()), 1),
    ];
    assert_eq!(failed(&env.runner(), records).await, ["broken", "unknown"]);
    let again_in_seconds = [("broken".into(), 30), ("unknown".into(), 30)];
    assert_eq!(env.services.visibility_timeouts(), again_in_seconds);
    assert_eq!(env.users().await.len(), 1);
}

static POISONED: AtomicBool = AtomicBool::new(true);

/// A clock that panics at the first call.
fn poisoned_clock() -> Timestamp {
    assert!(!POISONED.swap(false, Ordering::Relaxed), "poison");
    now()
}

#[tokio::test]
async fn a_run_that_panics_comes_again_soon_and_takes_no_other_along() {
    let env = with_one_person().await;
    let runner = Runner {
        clock: poisoned_clock,
        ..env.runner()
    };
    let records = vec![
        record("panics", text(&env.nightly_message()), 1),
        record("good", text(&env.nightly_message()), 1),
    ];
    assert_eq!(failed(&runner, records).await, ["panics"]);
    let again_in_seconds = [("panics".into(), 30)];
    assert_eq!(env.services.visibility_timeouts(), again_in_seconds);
    assert_eq!(env.users().await.len(), 1);
}

#[tokio::test]
async fn the_last_delivery_that_fails_is_the_one_that_ends_the_run() {
    let env = with_one_person().await;
    let message = env.nightly_message();
    for delivery in 1..=DELIVERIES {
        env.proxy.restart(None);
        let refused = Fault::Refused(400, "ValidationException");
        env.proxy.inject("TransactWriteItems", 0, 1, refused);
        let records = vec![record("m", text(&message), delivery)];
        assert_eq!(failed(&env.runner(), records).await, ["m"]);
        let failed = env.stored_run(&message).await.outcome == RunOutcome::Failure;
        assert_eq!(failed, delivery == DELIVERIES, "{delivery}");
    }
}

#[test]
fn the_last_delivery_is_the_last_of_the_queue_in_the_template() {
    let template = include_str!("../../../infra/template.yaml");
    let (_, queue) = template.split_once("\n  SyncQueue:\n").unwrap();
    let (_, most) = queue.split_once("maxReceiveCount: ").unwrap();
    let (most, _) = most.split_once('\n').unwrap();
    assert_eq!(most.parse(), Ok(DELIVERIES));
}

#[tokio::test]
async fn each_line_says_whose_it_is_and_a_failed_run_is_a_warning_with_flat_fields() {
    let env = with_one_person().await;
    env.smarthr_fault(json!({ "path": "/api/v1/crews", "status": 403, "count": 1 }))
        .await;
    // Without a subscriber for all threads, the other tests would switch lines off for good.
    let _ = tracing::subscriber::set_global_default(log_lines::lines("", std::io::sink));
    let (reader, writer) = std::io::pipe().unwrap();
    let captured = tracing::subscriber::set_default(log_lines::lines("", Arc::new(writer)));
    let night = env.nightly_message();
    let by_hand = env.manual_message();
    let unknown = RunMessage {
        workspace_id: WorkspaceId::new("ws_of_nobody"),
        ..env.nightly_message()
    };
    let messages = [("m-1", &night), ("m-2", &by_hand), ("m-3", &unknown)];
    let records = messages.map(|(id, message)| record(id, text(message), 1));
    failed(&env.runner(), records.into()).await;
    drop(captured);
    let lines = Deserializer::from_reader(reader).into_iter::<Value>();
    let lines: Vec<Value> = lines.map(Result::unwrap).collect();

    for (id, message) in messages {
        let about: Vec<_> = lines
            .iter()
            .filter(|line| line["message_id"] == id)
            .collect();
        assert!(!about.is_empty(), "{id}: {lines:#?}");
        for line in about {
            assert_eq!(line["run_id"], message.run_id.as_str(), "{line}");
            assert_eq!(line["workspace_id"], message.workspace_id.as_str());
            let flat = line.as_object().unwrap().values();
            assert!(
                flat.clone().all(|it| !it.is_object() && !it.is_array()),
                "{line}"
            );
            let text = line.to_string();
            assert!(!text.contains("Some(") && !text.contains(" {"), "{text}");
        }
    }
    let run = |id| {
        lines
            .iter()
            .find(|it| it["message"] == "run" && it["message_id"] == id)
    };
    let (failed, good) = (run("m-1").unwrap(), run("m-2").unwrap());
    let values =
        |line: &Value| ["level", "outcome", "reason", "invited"].map(|it| line[it].clone());
    let reason = json!("smarthr_forbidden");
    assert_eq!(
        values(failed),
        [json!("WARN"), json!("failure"), reason, json!(0)]
    );
    assert_eq!(
        values(good),
        [json!("INFO"), json!("success"), Value::Null, json!(1)]
    );
    let unknown = lines
        .iter()
        .find(|line| line["message_id"] == "m-3")
        .unwrap();
    assert_eq!(unknown["level"], "ERROR");
}
