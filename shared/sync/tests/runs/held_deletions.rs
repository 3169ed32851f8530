//! Held deletions wait for an admin, however much the company has grown by the time the run plans
//! again.

use std::time::Duration;

use domain::Run;
use jiff::SignedDuration;
use sync::InvocationOutcome;
use testkit::{Fault, TestEnv, advance, person, retire};

/// Returns an environment before a run in which six of 25 people leave, more than a fifth. After
/// the 40 joiners are added, six are less than a fifth.
async fn evening() -> TestEnv {
    let before: Vec<_> = (0..25).map(person).collect();
    let mut after: Vec<_> = (0..25).chain(100..140).map(person).collect();
    retire(&mut after[..6]);
    TestEnv::the_day_after(200, &before, &after).await
}

async fn six_are_held(env: &TestEnv, run: Run) {
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
    let run = env.nightly_run().await;
    six_are_held(&env, run).await;
}

#[tokio::test]
async fn a_run_that_died_in_a_company_it_had_made_larger_deletes_nobody_whom_it_held() {
    let env = evening().await;
    let message = env.nightly_message();
    let _held = env.proxy.hold_operation("TransactWriteItems", 1);
    env.proxy.until_held(env.run(&message)).await;
    assert!(env.users().await.len() > 45, "the first step is written");
    advance(SignedDuration::from_mins(16));
    let run = env.run_to_end(&message).await;
    six_are_held(&env, run).await;
}

#[tokio::test]
async fn a_run_that_goes_on_in_a_further_invocation_deletes_nobody_whom_it_held() {
    let env = evening().await;
    let work = Duration::from_secs(3);
    let slow = Fault::Slow(work);
    env.proxy.inject("TransactWriteItems", 0, 1, slow);
    let done = env.run_for(&env.nightly_message(), work).await.unwrap();
    assert!(matches!(done, InvocationOutcome::Continues), "{done:?}");
    let users = env.users().await.len();
    assert!((46..65).contains(&users), "{users}");
    let run = env.run_to_end(&env.queued_runs()[0]).await;
    six_are_held(&env, run).await;
}
