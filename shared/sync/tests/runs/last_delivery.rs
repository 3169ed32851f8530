//! Lasting refusals by AWS. Redelivery does not help, so the last delivery ends the run, and the
//! history and the mails to admins report it.

use domain::{Role, RunFailure, RunOutcome};
use jiff::SignedDuration;
use storage::queues::RunMessage;
use testkit::{Fault, TestEnv, advance};

/// Delivers a message for the `delivery`-th time of five, which fails, and checks that only the last
/// delivery ends the run.
async fn delivery_fails(env: &TestEnv, message: &RunMessage, delivery: u32) {
    let done = if delivery < 5 {
        env.run(message).await
    } else {
        env.run_last_delivery(message).await
    };
    assert!(done.is_err(), "so that it becomes a dead letter: {done:?}");
    let run = env.stored_run(message).await;
    assert_eq!(run.outcome == RunOutcome::Running, delivery < 5, "{run:?}");
    advance(SignedDuration::from_mins(16));
}

#[tokio::test]
async fn a_write_that_is_refused_for_good_ends_the_run_with_the_last_delivery() {
    for refusal in ["ValidationException", "AccessDeniedException"] {
        let env = TestEnv::with_pending_changes(30).await;
        let message = env.nightly_message();
        for delivery in 1..=5 {
            env.proxy.restart(None);
            let refused = Fault::Refused(400, refusal);
            env.proxy.inject("TransactWriteItems", 0, 1, refused);
            delivery_fails(&env, &message, delivery).await;
            // The last delivery writes the end of the run in a second transaction.
            let steps = env.proxy.by_operation()["DynamoDB_20120810.TransactWriteItems"];
            let expected = 1 + usize::from(delivery == 5);
            assert_eq!(steps, expected, "asked again and again");
        }
        let end = env.final_state().await;
        assert!(end.runs[0].starts_with("Failure Some(Internal)"), "{end:?}");
        assert!(end.mails.keys().any(|mail| mail.starts_with("failed-run")));
        let cause = RunFailure::Internal.cause();
        assert!(end.log.iter().any(|line| line.contains(&cause)));

        // A redrive of the message has no effect.
        env.run_ended_before(&message).await;
    }
}

#[tokio::test]
async fn a_log_that_is_refused_for_good_leaves_a_run_that_ended_with_its_counts_and_says_so() {
    let undisturbed = TestEnv::undisturbed().await;
    let env = TestEnv::with_pending_changes(30).await;
    let message = env.nightly_message();
    let refused = Fault::Refused(403, "AccessDenied");
    env.proxy.inject("PUT /logs", 0, 5, refused);
    for delivery in 1..=5 {
        delivery_fails(&env, &message, delivery).await;
        assert_eq!(env.stored_run(&message).await.log_key, None);
    }
    let end = env.final_state().await;
    assert_eq!(end.users, undisturbed.users);
    assert_eq!(end.mails, undisturbed.mails, "the passwords go out as well");
    let with_its_log = end.runs[0].replace("Some(LogNotKept)", "None");
    assert_ne!(end.runs[0], with_its_log);
    assert_eq!(with_its_log, undisturbed.runs[0], "with its counts");

    advance(SignedDuration::from_hours(22));
    env.nightly_run().await;
}

#[tokio::test]
async fn seats_that_were_miscounted_are_counted_again_by_the_night() {
    let undisturbed = TestEnv::undisturbed().await;
    for miscounted in [0, 499] {
        let env = TestEnv::with_pending_changes(30).await;
        env.corrupt_user_count(miscounted).await;
        env.nightly_run().await;
        assert_eq!(&env.final_state().await, undisturbed);
    }
}

#[tokio::test]
async fn somebody_added_while_a_run_reads_is_not_taken_for_a_miscount() {
    let env = TestEnv::with_pending_changes(30).await;
    let held = env.proxy.hold_operation("GET /api/v1/crews", 0);
    let message = env.nightly_message();
    let mut run = Box::pin(env.run(&message));
    env.proxy.until_held(&mut run).await;
    env.add_user(testkit::users::active("usr_hand", Role::Staff))
        .await;
    held.release();
    run.await.unwrap();
    let users = env.users().await;
    assert!(users.iter().any(|user| user.user_id.as_str() == "usr_hand"));
    assert_eq!(env.seats_and_lease().await.users as usize, users.len());
}
