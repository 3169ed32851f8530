//! The number of requests of a run grows with the number of changes, not with the number of people.
//! The counts are exact.

use domain::WorkspaceId;
use jiff::SignedDuration;
use serde_json::{Value, json};
use testkit::{TestEnv, advance, now};

fn people(count: u32) -> Vec<Value> {
    (0..count)
        .map(|number| {
            json!({
                "id": format!("c0000000-0000-4000-8000-{number:012}"),
                "last_name": format!("社員{number}"),
                "emp_code": format!("{number:05}"),
                "email": format!("p{number}@example.jp"),
                "emp_status": "employed",
            })
        })
        .collect()
}

#[tokio::test]
async fn a_night_without_changes_costs_the_pages_and_a_dozen_requests_and_writes_no_user() {
    let env = TestEnv::new(1_000, None).await;
    let mut people = people(300);
    env.set_crews(&people).await;
    let first = env.nightly_run().await;
    assert_eq!(first.counts.invited, 300);
    let asked = env.proxy.by_operation();
    assert_eq!(
        asked["DynamoDB_20120810.TransactWriteItems"],
        13 + 1,
        "24 people of four items each fill a transaction; and the end of the run"
    );
    assert_eq!(
        asked["AmazonSQS.SendMessageBatch"], 30,
        "ten mails a request"
    );
    assert_eq!(
        env.store
            .seats_and_lease(&env.workspace.workspace_id)
            .await
            .unwrap()
            .users,
        300
    );

    assert_eq!(env.deliver_mails().await, 300);

    advance(SignedDuration::from_hours(24));
    env.proxy.restart(None);
    let second = env.nightly_run().await;
    assert_eq!(second.counts.unchanged, 300);
    let asked = env.proxy.by_operation();
    assert_eq!(asked["GET /api/v1/crews"], 3, "{asked:#?}");
    assert_eq!(
        asked["DynamoDB_20120810.TransactWriteItems"], 1,
        "the end of the run"
    );
    assert_eq!(env.proxy.calls(), 3 + 11, "{asked:#?}");

    advance(SignedDuration::from_hours(24));
    people[7]["last_name"] = json!("改姓");
    env.set_crews(&people).await;
    env.proxy.restart(None);
    let third = env.nightly_run().await;
    assert_eq!((third.counts.invited, third.counts.unchanged), (1, 299));
    let asked = env.proxy.by_operation();
    assert_eq!(
        asked["DynamoDB_20120810.TransactWriteItems"], 2,
        "{asked:#?}"
    );
}

#[tokio::test]
async fn a_night_is_dispatched_with_ten_workspaces_a_request() {
    let env = TestEnv::new(1, None).await;
    let link = env.connection().await;
    for number in 1..25 {
        let mut another = link.clone();
        another.version = 0;
        let id = WorkspaceId::new(format!("ws_{number}"));
        env.store.put_connection(&id, &mut another).await.unwrap();
    }
    env.proxy.restart(None);
    let runner = env.runner();
    let dispatched = sync::dispatch(&runner.store, &runner.queues, now())
        .await
        .unwrap();
    assert_eq!(dispatched.len(), 25);
    assert_eq!(env.proxy.calls(), 1 + 3, "{:#?}", env.proxy.by_operation());
}
