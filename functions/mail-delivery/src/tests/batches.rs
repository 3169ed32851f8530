use domain::{MailKind, Role, RunFailure};
use lambda::sqs_batch::SqsMessage;
use storage::queues::MailMessage;
use testkit::TestEnv;
use testkit::users::active;

use super::deliveries::{delivery, environment, put, refuse_mails, run, waits};
use crate::batch::handle;

fn record(message_id: &str, body: String) -> SqsMessage {
    let mut record = SqsMessage::default();
    record.event_source_arn = Some("arn:aws:sqs:ap-northeast-1:123456789012:mail".into());
    record.message_id = Some(message_id.into());
    record.receipt_handle = Some(format!("handle {message_id}"));
    record.body = Some(body);
    record
}

fn body(message: &MailMessage) -> String {
    serde_json::to_string(message).unwrap()
}

/// Returns an environment with an administrator, and the message of the mail about a failed run.
async fn failed_run() -> (TestEnv, MailMessage) {
    let env = environment().await;
    env.add_user(active("usr_a", Role::Administrator)).await;
    let kind = MailKind::FailedRun {
        run_id: run(&env, None, &[]).await,
        failure: Some(RunFailure::NotConnected),
        failed: 0,
    };
    let message = put(&env, kind).await;
    (env, message)
}

/// Handles a batch and returns the ids of the messages that SQS delivers again.
async fn failed(env: &TestEnv, records: Vec<SqsMessage>) -> Vec<String> {
    let response = handle(&delivery(env).await, records).await;
    let failures = response.batch_item_failures.into_iter();
    failures.map(|failure| failure.item_identifier).collect()
}

#[tokio::test]
async fn a_message_that_cannot_be_read_does_not_hold_up_the_others() {
    let (env, message) = failed_run().await;
    let gone = MailMessage {
        mail_id: "never-written".into(),
        ..message.clone()
    };
    let records = vec![
        record("1", "not JSON".into()),
        record("2", body(&gone)),
        record("3", body(&message)),
        record("4", body(&message)),
    ];
    assert_eq!(failed(&env, records).await, ["1"]);
    env.services.only_mail();
}

#[tokio::test]
async fn while_ses_is_throttled_the_rest_of_the_batch_waits_for_the_queue() {
    let (env, message) = failed_run().await;
    refuse_mails(&env, 0, usize::MAX, "Throttling");
    let records = vec![record("1", body(&message)), record("2", "{}".into())];
    assert_eq!(failed(&env, records).await, ["1", "2"]);
    assert_eq!(env.services.mails().len(), 0);
    assert!(waits(&env, &message).await);
}

#[tokio::test]
async fn a_mail_that_could_not_be_sent_comes_again_soon_and_then_later_and_later() {
    let (env, message) = failed_run().await;
    refuse_mails(&env, 0, 3, "ServiceUnavailable");
    for count in ["1", "2", "3"] {
        let mut delivered = record(count, body(&message));
        let attribute = ("ApproximateReceiveCount".into(), count.into());
        delivered.attributes = [attribute].into();
        assert_eq!(failed(&env, vec![delivered]).await, [count]);
    }
    let waits = [("handle 1", 30), ("handle 2", 120), ("handle 3", 480)];
    let waits = waits.map(|(message, seconds)| (message.to_owned(), seconds));
    assert_eq!(env.services.visibility_timeouts(), waits);
    failed(&env, vec![record("4", body(&message))]).await;
    env.services.only_mail();
}
