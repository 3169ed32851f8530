//! AWS refuses, is slow, or does what it was asked for and loses the answer: a run gets over it by
//! itself or with the next delivery of its message, and ends as if nothing had happened.

use std::time::Duration;

use jiff::SignedDuration;
use sync::InvocationOutcome;
use testkit::{Fault, FinalState, TestEnv, advance};

/// The operation of the calls that a fault hits, how many calls pass before it, and how many it hits.
type FaultAt<'a> = (&'a str, usize, usize, Fault);

/// More failures than any client of ours repeats a call.
const MANY: usize = 20;

/// Performs a nightly run with these faults. Returns its result and the number of deliveries of its
/// message.
async fn run_with(faults: &[FaultAt<'_>]) -> (FinalState, usize) {
    let env = TestEnv::with_pending_changes(30).await;
    for (operation, after, times, fault) in faults {
        env.proxy.inject(operation, *after, *times, fault.clone());
    }
    let message = env.nightly_message();
    for delivery in 1..=5 {
        match env.run(&message).await {
            Ok(InvocationOutcome::Ended(_) | InvocationOutcome::EndedBefore(_)) => {
                return (env.final_state().await, delivery);
            }
            Ok(InvocationOutcome::Postponed) => {}
            Ok(other) => panic!("{other:?}"),
            Err(error) => println!("delivery {delivery}: {error}"),
        }
        advance(SignedDuration::from_mins(16));
    }
    panic!("the message became a dead letter");
}

async fn ends_by_itself(fault: FaultAt<'_>) {
    let (end, deliveries) = run_with(std::slice::from_ref(&fault)).await;
    assert_eq!(&end, TestEnv::undisturbed().await, "{fault:?}");
    assert_eq!(deliveries, 1, "{fault:?}");
}

async fn ends_after_redelivery(faults: &[FaultAt<'_>]) {
    let (end, deliveries) = run_with(faults).await;
    assert_eq!(&end, TestEnv::undisturbed().await, "{faults:?}");
    assert!(deliveries > 1, "{faults:?}");
}

#[tokio::test]
async fn throttling_and_short_failures_of_the_database_are_waited_out() {
    for fault in [
        ("DynamoDB", 3, 2, Fault::Refused(400, "ThrottlingException")),
        (
            "TransactWriteItems",
            1,
            2,
            Fault::Refused(500, "InternalServerError"),
        ),
        ("Query", 1, 2, Fault::Refused(503, "ServiceUnavailable")),
    ] {
        ends_by_itself(fault).await;
    }
}

#[tokio::test]
async fn a_transaction_that_stands_in_the_way_of_another_is_tried_again() {
    ends_by_itself(("TransactWriteItems", 1, 2, Fault::TransactionConflict)).await;
}

#[tokio::test]
async fn a_transaction_that_a_busy_table_throttles_is_tried_for_longer_than_one_in_the_way() {
    ends_by_itself(("TransactWriteItems", 1, 8, Fault::TransactionThrottled)).await;
}

#[tokio::test]
async fn a_single_write_that_a_transaction_stands_in_the_way_of_is_tried_again() {
    let conflict = "com.amazonaws.dynamodb.v20120810#TransactionConflictException";
    for operation in ["UpdateItem", "PutItem"] {
        ends_by_itself((operation, 0, 2, Fault::Refused(400, conflict))).await;
    }
}

#[tokio::test]
async fn the_lease_of_a_run_that_ended_before_is_released_in_spite_of_a_transaction_in_the_way() {
    let env = TestEnv::with_pending_changes(30).await;
    let message = env.nightly_message();
    env.run(&message).await.unwrap();
    env.proxy.restart(None);
    let conflict = Fault::Refused(400, "TransactionConflictException");
    env.proxy.inject("UpdateItem", 1, 1, conflict);
    env.run_ended_before(&message).await;
    let calls = env.proxy.by_operation();
    assert_eq!(calls["DynamoDB_20120810.UpdateItem"], 3, "{calls:#?}");
    env.final_state().await;
}

#[tokio::test]
async fn a_step_that_conflicts_for_long_is_planned_again_in_the_same_invocation() {
    ends_by_itself(("TransactWriteItems", 2, 7, Fault::TransactionConflict)).await;
}

#[tokio::test]
async fn a_write_whose_answer_is_lost_is_not_done_twice() {
    for (operation, after) in [
        ("PutItem", 0),
        ("SendMessageBatch", 0),
        ("PUT /logs", 0),
        ("TransactWriteItems", 0),
        ("TransactWriteItems", 1),
        ("TransactWriteItems", 2),
        ("TransactWriteItems", 3),
        ("TransactWriteItems", 4),
    ] {
        ends_by_itself((operation, after, 1, Fault::AnswerLost)).await;
    }
}

#[tokio::test]
async fn what_is_down_for_long_is_left_to_the_next_delivery() {
    for (operation, after, times, status, error) in [
        ("GetItem", 0, 12, 500, "InternalServerError"),
        ("PUT /logs", 0, 3, 503, "SlowDown"),
        ("secretsmanager", 0, 3, 500, "InternalServiceError"),
        ("secretsmanager", 1, 3, 500, "InternalServiceError"),
        // The mails that no invocation could ask for are asked for by the next one.
        ("SendMessageBatch", 0, MANY, 503, "ServiceUnavailable"),
    ] {
        ends_after_redelivery(&[(operation, after, times, Fault::Refused(status, error))]).await;
    }
}

#[tokio::test]
async fn a_lease_whose_answer_is_lost_is_taken_by_the_next_delivery() {
    ends_after_redelivery(&[("UpdateItem", 0, 1, Fault::AnswerLost)]).await;
}

#[tokio::test]
async fn mails_that_could_not_be_asked_for_during_a_run_are_asked_for_at_its_end() {
    let down = Fault::Refused(503, "ServiceUnavailable");
    ends_by_itself(("SendMessageBatch", 0, 3, down)).await;
}

#[tokio::test]
async fn a_run_that_planned_again_and_then_could_not_put_its_log_forgets_nobody() {
    let conflict = ("TransactWriteItems", 2, 6, Fault::TransactionConflict);
    let down = ("PUT /logs", 0, 3, Fault::Refused(503, "SlowDown"));
    ends_after_redelivery(&[conflict, down]).await;
}

#[tokio::test]
async fn a_slow_database_only_takes_longer() {
    let slow = Fault::Slow(Duration::from_millis(100));
    ends_by_itself(("DynamoDB", 0, MANY, slow)).await;
}
