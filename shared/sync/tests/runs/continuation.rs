//! A run that exceeds one invocation continues in further ones, with the same result as a run in a
//! single invocation.

use std::time::Duration;

use storage::queues::RunMessage;
use sync::{InvocationOutcome, RunError};
use testkit::{Fault, TestEnv};

/// The duration of a step in these tests.
const STEP: Duration = Duration::from_secs(1);

/// The time after which no step begins: enough to read both sides, even on a busy machine, and for
/// one or two steps.
const WORK: Duration = Duration::from_secs(2);

#[tokio::test]
async fn a_run_in_many_invocations_ends_the_same_as_one_in_a_single_invocation() {
    let env = TestEnv::with_pending_changes(150).await;
    env.nightly_run().await;
    let undisturbed = env.final_state().await;

    let env = TestEnv::with_pending_changes(150).await;
    let slow = Fault::Slow(STEP);
    env.proxy.inject("TransactWriteItems", 0, usize::MAX, slow);
    let mut message = env.nightly_message();
    let mut mails = Vec::new();
    for continuation in 0..100 {
        assert_eq!(message.continuation, continuation);
        let done = env.run_for(&message, WORK).await.unwrap();
        if let InvocationOutcome::Ended(run) = done {
            assert!(continuation > 3, "{continuation}");
            assert_eq!(run.run_id, message.run_id);
            break;
        }
        assert!(matches!(done, InvocationOutcome::Continues), "{done:?}");
        let mut next = Vec::new();
        while let Some((queue, body)) = env.services.take_message() {
            match queue.as_str() {
                "sync" => next.push(serde_json::from_str(&body).unwrap()),
                _ => mails.push((queue, body)),
            }
        }
        assert_eq!(next.len(), 1, "one message goes on with the run");
        message = next.remove(0);
    }
    for (queue, body) in mails {
        env.services.put_message(&queue, &body);
    }
    assert_eq!(env.final_state().await, undisturbed);
}

#[tokio::test]
async fn an_invocation_without_time_for_a_single_step_changes_nothing_and_asks_for_another() {
    let env = TestEnv::with_pending_changes(30).await;
    let before = env.users().await;
    let slow = Fault::Slow(WORK);
    env.proxy.inject("secretsmanager", 1, 1, slow);
    let done = env.run_for(&env.nightly_message(), WORK).await.unwrap();
    assert!(matches!(done, InvocationOutcome::Continues), "{done:?}");
    assert_eq!(env.users().await, before);
    let next = env.queued_runs();
    assert_eq!(next.len(), 1);
    env.run_to_end(&next[0]).await;
}

#[tokio::test]
async fn a_run_by_hand_does_not_come_between_a_run_and_its_continuation() {
    let env = TestEnv::with_pending_changes(150).await;
    let slow = Fault::Slow(STEP);
    env.proxy.inject("TransactWriteItems", 0, 2, slow);
    let work = STEP + Duration::from_millis(500);
    let done = env.run_for(&env.nightly_message(), work).await.unwrap();
    assert!(matches!(done, InvocationOutcome::Continues), "{done:?}");
    let next = env.queued_runs();

    let by_hand = env.manual_message();
    let done = env.run(&by_hand).await.unwrap();
    assert!(matches!(done, InvocationOutcome::Postponed), "{done:?}");

    assert_eq!(env.run_to_end(&next[0]).await.failure, None);
    // SQS delivers the same continuation a second time.
    env.run_ended_before(&next[0]).await;

    let counts = env.run_to_end(&by_hand).await.counts;
    assert_eq!((counts.invited, counts.deleted), (0, 0));
}

#[tokio::test]
async fn a_run_that_is_continued_for_a_day_is_given_up() {
    let env = TestEnv::with_pending_changes(30).await;
    env.proxy.inject("secretsmanager", 1, 1, Fault::Slow(WORK));
    let message = RunMessage {
        continuation: 100,
        ..env.nightly_message()
    };
    let done = env.run_for(&message, WORK).await;
    assert!(matches!(done, Err(RunError::TooManyMessages)), "{done:?}");
    assert_eq!(env.queued_runs(), []);
}

#[tokio::test]
async fn a_message_that_is_put_back_for_a_day_is_given_up() {
    let env = TestEnv::with_pending_changes(150).await;
    let slow = Fault::Slow(STEP);
    env.proxy.inject("TransactWriteItems", 0, 2, slow);
    let work = STEP + Duration::from_millis(500);
    env.run_for(&env.nightly_message(), work).await.unwrap();
    env.queued_runs();

    let mut by_hand = env.manual_message();
    by_hand.postponed = 24 * 60 - 1;
    let done = env.run(&by_hand).await.unwrap();
    assert!(matches!(done, InvocationOutcome::Postponed), "{done:?}");
    by_hand = env.queued_runs().remove(0);
    let done = env.run(&by_hand).await;
    assert!(matches!(done, Err(RunError::TooManyMessages)), "{done:?}");
    assert_eq!(env.queued_runs(), []);
}
