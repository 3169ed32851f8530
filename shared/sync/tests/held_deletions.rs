//! Held deletions wait for an admin, however much the company has grown by the time the run plans
//! again.

use jiff::SignedDuration;
use std::time::Duration;
use sync::InvocationOutcome;
use testkit::{Fault, TestEnv, advance, person};

/// Returns an environment before a run in which six of 25 people leave, more than a fifth. After
/// the 40 joiners are added, six are less than a fifth.
async fn evening() -> TestEnv {
    let env = TestEnv::new(200, None).await;
    let mut people: Vec<_> = (0..25).map(person).collect();
    env.set_crews(&people).await;
    env.nightly_run().await;
    env.deliver_mails().await;
    env.clear_queues();
    for leaver in &mut people[..6] {
        leaver["emp_status"] = serde_json::json!("retired");
    }
    people.extend((100..140).map(person));
    env.set_crews(&people).await;
    advance(SignedDuration::from_hours(24));
    env.proxy.restart(None);
    env
}

async fn six_are_held(env: &TestEnv, done: InvocationOutcome) {
    let InvocationOutcome::Ended(run) = done else {
        panic!("{done:?}")
    };
    assert_eq!((run.counts.held, run.counts.deleted), (6, 0), "{run:?}");
    assert_eq!(run.held.len(), 6);
    assert_eq!(env.users().await.len(), 65);
}

#[tokio::test]
async fn a_run_that_plans_again_in_a_larger_company_deletes_nobody_whom_it_held() {
    let env = evening().await;
    // Conflicting transactions block the second step until the run plans again.
    let conflict = Fault::TransactionConflict;
    env.proxy.inject("TransactWriteItems", 1, 6, conflict);
    let done = env.run(&env.nightly_message()).await.unwrap();
    six_are_held(&env, done).await;
}

#[tokio::test]
async fn a_run_that_died_in_a_company_it_had_made_larger_deletes_nobody_whom_it_held() {
    let env = evening().await;
    let message = env.nightly_message();
    let _held = env.proxy.hold_operation("TransactWriteItems", 1);
    tokio::select! {
        done = env.run(&message) => panic!("{done:?}"),
        () = env.proxy.held() => {}
    }
    assert!(env.users().await.len() > 45, "the first step is written");
    advance(SignedDuration::from_mins(16));
    let done = env.run(&message).await.unwrap();
    six_are_held(&env, done).await;
}

#[tokio::test]
async fn a_run_that_goes_on_in_a_further_invocation_deletes_nobody_whom_it_held() {
    let env = evening().await;
    let work = Duration::from_secs(3);
    env.proxy
        .inject("TransactWriteItems", 0, 1, Fault::Slow(work));
    let done = env.run_for(&env.nightly_message(), work).await.unwrap();
    assert!(matches!(done, InvocationOutcome::Continues), "{done:?}");
    let users = env.users().await.len();
    assert!((46..65).contains(&users), "{users}");
    let next = env.queued_runs();
    let done = env.run(&next[0]).await.unwrap();
    six_are_held(&env, done).await;
}
