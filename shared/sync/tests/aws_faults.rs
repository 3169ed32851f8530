//! AWS refuses, is slow, or does what it was asked for and loses the answer: a run gets over it by
//! itself or with the next delivery of its message, and ends as if nothing had been.

use std::time::Duration;

use jiff::SignedDuration;
use sync::InvocationOutcome;
use testkit::{Fault, FinalState, TestEnv, advance};
use tokio::sync::OnceCell;

/// What happens to which calls.
type Orders<'a> = &'a [(&'a str, usize, usize, Fault)];

/// More failures than any client of ours repeats a call.
const MANY: usize = 20;

/// How an undisturbed night ends, which is looked up once.
async fn undisturbed() -> &'static FinalState {
    static END: OnceCell<FinalState> = OnceCell::const_new();
    END.get_or_init(|| async {
        let env = TestEnv::with_pending_changes(30).await;
        env.nightly_run().await;
        env.final_state().await
    })
    .await
}

/// A night on which this goes wrong; gives how it ended and how often its message was delivered.
async fn night_with(orders: Orders<'_>) -> (FinalState, usize) {
    let env = TestEnv::with_pending_changes(30).await;
    for (operation, after, times, fault) in orders {
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

async fn ends_by_itself(orders: Orders<'_>) {
    let (end, deliveries) = night_with(orders).await;
    assert_eq!(&end, undisturbed().await, "{orders:?}");
    assert_eq!(deliveries, 1, "{orders:?}");
}

async fn ends_after_redelivery(orders: Orders<'_>) {
    let (end, deliveries) = night_with(orders).await;
    assert_eq!(&end, undisturbed().await, "{orders:?}");
    assert!(deliveries > 1, "{orders:?}");
}

#[tokio::test]
async fn throttling_and_short_failures_of_the_database_are_waited_out() {
    let throttled = Fault::Refused(400, "ThrottlingException");
    ends_by_itself(&[("DynamoDB", 3, 2, throttled)]).await;
    let failed = Fault::Refused(500, "InternalServerError");
    ends_by_itself(&[("TransactWriteItems", 1, 2, failed)]).await;
    let down = Fault::Refused(503, "ServiceUnavailable");
    ends_by_itself(&[("Query", 1, 2, down)]).await;
}

#[tokio::test]
async fn a_transaction_that_stands_in_the_way_of_another_is_tried_again() {
    let conflict = Fault::TransactionConflict;
    ends_by_itself(&[("TransactWriteItems", 1, 2, conflict)]).await;
}

#[tokio::test]
async fn a_single_write_that_a_transaction_stands_in_the_way_of_is_tried_again() {
    let in_the_way = "com.amazonaws.dynamodb.v20120810#TransactionConflictException";
    for operation in ["UpdateItem", "PutItem"] {
        let conflict = Fault::Refused(400, in_the_way);
        ends_by_itself(&[(operation, 0, 2, conflict)]).await;
    }
}

#[tokio::test]
async fn the_gate_of_a_run_that_ended_before_is_left_in_spite_of_a_transaction_in_the_way() {
    let env = TestEnv::with_pending_changes(30).await;
    let message = env.nightly_message();
    env.run(&message).await.unwrap();
    env.proxy.restart(None);
    let in_the_way = Fault::Refused(400, "TransactionConflictException");
    env.proxy.inject("UpdateItem", 1, 1, in_the_way);
    let done = env.run(&message).await;
    assert!(
        matches!(done, Ok(InvocationOutcome::EndedBefore(_))),
        "{done:?}"
    );
    let asked = env.proxy.by_operation();
    assert_eq!(asked["DynamoDB_20120810.UpdateItem"], 3, "{asked:#?}");
    env.final_state().await;
}

#[tokio::test]
async fn a_step_that_conflicts_for_long_is_planned_anew_in_the_same_invocation() {
    let conflict = Fault::TransactionConflict;
    ends_by_itself(&[("TransactWriteItems", 2, 7, conflict)]).await;
}

#[tokio::test]
async fn a_write_whose_answer_is_lost_is_not_done_twice() {
    for operation in [
        "TransactWriteItems",
        "PutItem",
        "SendMessageBatch",
        "PUT /logs",
    ] {
        ends_by_itself(&[(operation, 0, 1, Fault::AnswerLost)]).await;
    }
    for step in 1..=4 {
        ends_by_itself(&[("TransactWriteItems", step, 1, Fault::AnswerLost)]).await;
    }
}

#[tokio::test]
async fn a_lease_whose_answer_is_lost_is_taken_by_the_next_delivery() {
    ends_after_redelivery(&[("UpdateItem", 0, 1, Fault::AnswerLost)]).await;
}

#[tokio::test]
async fn a_database_that_is_down_for_long_is_left_to_the_next_delivery() {
    let down = Fault::Refused(500, "InternalServerError");
    ends_after_redelivery(&[("GetItem", 0, 12, down)]).await;
}

#[tokio::test]
async fn a_log_that_cannot_be_put_is_left_to_the_next_delivery() {
    let down = Fault::Refused(503, "SlowDown");
    ends_after_redelivery(&[("PUT /logs", 0, 3, down)]).await;
}

#[tokio::test]
async fn secrets_that_cannot_be_read_are_left_to_the_next_delivery() {
    let down = Fault::Refused(500, "InternalServiceError");
    ends_after_redelivery(&[("secretsmanager", 0, 3, down.clone())]).await;
    ends_after_redelivery(&[("secretsmanager", 1, 3, down)]).await;
}

#[tokio::test]
async fn mails_that_could_not_be_asked_for_during_a_run_are_asked_for_at_its_end() {
    let down = Fault::Refused(503, "ServiceUnavailable");
    ends_by_itself(&[("SendMessageBatch", 0, 3, down)]).await;
}

#[tokio::test]
async fn mails_that_nobody_could_ask_for_are_asked_for_by_the_next_delivery() {
    let down = Fault::Refused(503, "ServiceUnavailable");
    ends_after_redelivery(&[("SendMessageBatch", 0, MANY, down)]).await;
}

#[tokio::test]
async fn a_run_that_planned_anew_and_then_could_not_put_its_log_forgets_nobody() {
    let conflict = Fault::TransactionConflict;
    let down = Fault::Refused(503, "SlowDown");
    ends_after_redelivery(&[
        ("TransactWriteItems", 2, 6, conflict),
        ("PUT /logs", 0, 3, down),
    ])
    .await;
}

#[tokio::test]
async fn a_slow_database_only_takes_longer() {
    let slow = Fault::Slow(Duration::from_millis(100));
    ends_by_itself(&[("DynamoDB", 0, MANY, slow)]).await;
}
