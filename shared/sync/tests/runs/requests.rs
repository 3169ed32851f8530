//! The number of requests of a run grows with the number of changes, not with the number of people.
//! The counts are exact.

use domain::WorkspaceId;
use jiff::SignedDuration;
use serde_json::json;
use testkit::{TestEnv, advance, now, person};

const TRANSACTIONS: &str = "DynamoDB_20120810.TransactWriteItems";

#[tokio::test]
async fn a_night_without_changes_costs_the_pages_and_a_dozen_requests_and_writes_no_user() {
    let env = TestEnv::new(1_000, None).await;
    let mut people: Vec<_> = (0..300).map(person).collect();
    env.set_crews(&people).await;
    let first = env.nightly_run().await;
    assert_eq!(first.counts.invited, 300);
    let calls = env.proxy.by_operation();
    // 24 people of four items each fill a transaction; the last one ends the run.
    assert_eq!(calls[TRANSACTIONS], 13 + 1);
    let mails = calls["AmazonSQS.SendMessageBatch"];
    assert_eq!(mails, 30, "ten mails a request");
    assert_eq!(env.seats_and_lease().await.users, 300);

    assert_eq!(env.mark_mails_sent().await, 300);

    advance(SignedDuration::from_hours(24));
    env.proxy.restart(None);
    let second = env.nightly_run().await;
    assert_eq!(second.counts.unchanged, 300);
    let calls = env.proxy.by_operation();
    assert_eq!(calls["GET /api/v1/crews"], 3, "{calls:#?}");
    assert_eq!(calls[TRANSACTIONS], 1, "the end of the run");
    assert_eq!(env.proxy.calls(), 3 + 1 + 12, "{calls:#?}");
    let webhook = calls
        .keys()
        .find(|it| it.starts_with("GET /api/v1/webhooks/"));
    assert!(webhook.is_some(), "one request for the webhook: {calls:#?}");

    advance(SignedDuration::from_hours(24));
    people[7]["last_name"] = json!("改姓");
    env.set_crews(&people).await;
    env.proxy.restart(None);
    let third = env.nightly_run().await;
    assert_eq!((third.counts.reinvited, third.counts.unchanged), (1, 299));
    let calls = env.proxy.by_operation();
    assert_eq!(calls[TRANSACTIONS], 2, "{calls:#?}");
}

#[tokio::test]
async fn a_night_is_dispatched_with_ten_workspaces_a_request() {
    let env = TestEnv::new(1, None).await;
    let connection = env.connection().await;
    for number in 1..25 {
        let mut another = connection.clone();
        another.version = 0;
        let id = WorkspaceId::new(format!("ws_{number}"));
        env.store.put_connection(&id, &mut another).await.unwrap();
    }
    env.proxy.restart(None);
    let runner = env.runner();
    let dispatched = sync::dispatch(&runner.store, &runner.queues, now()).await;
    assert_eq!(dispatched.unwrap().len(), 25);
    assert_eq!(env.proxy.calls(), 1 + 3, "{:#?}", env.proxy.by_operation());
}
