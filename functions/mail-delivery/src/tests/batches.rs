use domain::{MailKind, Role, RunFailure};
use lambda::sqs_batch::SqsMessage;
use storage::queues::MailMessage;

use super::delivery_env::DeliveryEnv;
use super::sqs_stand_in::SqsStandIn;
use crate::batch::handle;

fn record(message_id: &str, body: String) -> SqsMessage {
    let mut record = SqsMessage::default();
    record.message_id = Some(message_id.into());
    record.receipt_handle = Some(format!("handle {message_id}"));
    record.body = Some(body);
    record
}

fn body(message: &MailMessage) -> String {
    serde_json::to_string(message).unwrap()
}

async fn failed_run(env: &DeliveryEnv) -> MailMessage {
    let run_id = env.run(None, &[]).await;
    let kind = MailKind::FailedRun {
        run_id,
        failure: Some(RunFailure::NotConnected),
        failed: 0,
    };
    env.put(kind).await
}

#[tokio::test]
async fn a_message_that_cannot_be_read_does_not_hold_up_the_others() {
    let env = DeliveryEnv::new().await;
    env.admin(Role::Administrator, "a@example.com").await;
    let message = failed_run(&env).await;
    let gone = MailMessage {
        workspace_id: env.workspace_id.clone(),
        mail_id: "never-written".into(),
    };
    let records = vec![
        record("1", "not JSON".into()),
        record("2", body(&gone)),
        record("3", body(&message)),
        record("4", body(&message)),
    ];
    let queue = SqsStandIn::default();
    let response = handle(&env.delivery, &queue.serve().await, records).await;
    let failures = response.batch_item_failures;
    assert_eq!(failures.len(), 1);
    assert_eq!(failures[0].item_identifier, "1");
    env.ses.only();
}

#[tokio::test]
async fn while_ses_is_throttled_the_rest_of_the_batch_waits_for_the_queue() {
    let env = DeliveryEnv::new().await;
    env.admin(Role::Administrator, "a@example.com").await;
    let message = failed_run(&env).await;
    env.ses.refuse_next(&["Throttling"; 5]);
    let records = vec![record("1", body(&message)), record("2", "{}".into())];
    let queue = SqsStandIn::default();
    let response = handle(&env.delivery, &queue.serve().await, records).await;
    assert_eq!(response.batch_item_failures.len(), 2);
    assert!(env.ses.accepted().is_empty());
    assert!(env.waits(&message).await);
}

#[tokio::test]
async fn a_mail_that_could_not_be_sent_comes_again_soon_and_then_later_and_later() {
    let env = DeliveryEnv::new().await;
    env.admin(Role::Administrator, "a@example.com").await;
    let message = failed_run(&env).await;
    env.ses.refuse_next(&["ServiceUnavailable"; 3]);
    let queue = SqsStandIn::default();
    let queues = queue.serve().await;
    for count in ["1", "2", "3"] {
        let mut delivered = record(count, body(&message));
        let count = ("ApproximateReceiveCount".into(), count.into());
        delivered.attributes = [count].into();
        handle(&env.delivery, &queues, vec![delivered]).await;
    }
    let put_off = queue.put_off();
    let seconds: Vec<u64> = put_off.iter().map(|(_, seconds)| *seconds).collect();
    assert_eq!(seconds, [30, 120, 480]);
    assert_eq!(put_off[0].0, "handle 1");
    handle(&env.delivery, &queues, vec![record("4", body(&message))]).await;
    env.ses.only();
}
