//! Lasting refusals by AWS. Redelivery does not help, so the last delivery ends the run, and the
//! history and the mails to admins report it.

use domain::RunFailure;
use domain::RunOutcome;
use jiff::SignedDuration;
use sync::InvocationOutcome;
use testkit::{Fault, TestEnv, advance};

#[tokio::test]
async fn a_write_that_is_refused_for_good_ends_the_run_with_the_last_delivery() {
    for refusal in ["ValidationException", "AccessDeniedException"] {
        let env = TestEnv::with_pending_changes(30).await;
        let id = &env.workspace.workspace_id;
        let message = env.nightly_message();
        for delivery in 1..=5 {
            env.proxy.restart(None);
            let refused = Fault::Refused(400, refusal);
            env.proxy.inject("TransactWriteItems", 0, 1, refused);
            let done = if delivery < 5 {
                env.run(&message).await
            } else {
                env.run_last_delivery(&message).await
            };
            assert!(done.is_err(), "so that it becomes a dead letter: {done:?}");
            let steps = env.proxy.by_operation()["DynamoDB_20120810.TransactWriteItems"];
            // The last delivery writes the end of the run in a second transaction.
            assert_eq!(
                steps,
                1 + usize::from(delivery == 5),
                "asked again and again"
            );
            let run = env.store.run(id, &message.run_id, message.mode).await;
            let run = run.unwrap().unwrap();
            assert_eq!(run.outcome == RunOutcome::Running, delivery < 5, "{run:?}");
            advance(SignedDuration::from_mins(16));
        }
        let end = env.final_state().await;
        assert!(end.runs[0].starts_with("Failure Some(Internal)"), "{end:?}");
        assert!(end.mails.keys().any(|mail| mail.starts_with("failed-run")));
        let cause = RunFailure::Internal.cause();
        assert!(end.log.iter().any(|line| line.contains(&cause)));

        // A redrive of the message has no effect.
        let done = env.run(&message).await;
        assert!(
            matches!(done, Ok(InvocationOutcome::EndedBefore(_))),
            "{done:?}"
        );
    }
}

#[tokio::test]
async fn a_log_that_is_refused_for_good_leaves_a_run_that_ended_with_its_counts_and_says_so() {
    let env = TestEnv::with_pending_changes(30).await;
    env.nightly_run().await;
    let undisturbed = env.final_state().await;

    let env = TestEnv::with_pending_changes(30).await;
    let id = &env.workspace.workspace_id;
    let message = env.nightly_message();
    let refused = Fault::Refused(403, "AccessDenied");
    env.proxy.inject("PUT /logs", 0, 5, refused);
    for delivery in 1..=5 {
        let done = if delivery < 5 {
            env.run(&message).await
        } else {
            env.run_last_delivery(&message).await
        };
        assert!(done.is_err(), "so that it becomes a dead letter: {done:?}");
        let run = env.store.run(id, &message.run_id, message.mode).await;
        let run = run.unwrap().unwrap();
        assert_eq!(run.outcome == RunOutcome::Running, delivery < 5, "{run:?}");
        assert_eq!(run.log_key, None);
        advance(SignedDuration::from_mins(16));
    }
    let end = env.final_state().await;
    assert_eq!(end.users, undisturbed.users);
    assert_eq!(end.mails, undisturbed.mails, "the passwords go out as well");
    let with_its_log = end.runs[0].replace("Some(LogNotKept)", "None");
    assert_ne!(end.runs[0], with_its_log);
    assert_eq!(with_its_log, undisturbed.runs[0], "with its counts");

    advance(SignedDuration::from_hours(22));
    let done = env.run(&env.nightly_message()).await;
    assert!(matches!(done, Ok(InvocationOutcome::Ended(_))), "{done:?}");
}

#[tokio::test]
async fn seats_that_were_miscounted_are_counted_anew_by_the_night() {
    let env = TestEnv::with_pending_changes(30).await;
    env.nightly_run().await;
    let undisturbed = env.final_state().await;
    for miscounted in [0, 499] {
        let env = TestEnv::with_pending_changes(30).await;
        env.corrupt_user_count(miscounted).await;
        env.nightly_run().await;
        assert_eq!(env.final_state().await, undisturbed);
    }
}

#[tokio::test]
async fn somebody_added_while_a_run_reads_is_not_taken_for_a_miscount() {
    let env = TestEnv::with_pending_changes(30).await;
    let held = env.proxy.hold_operation("GET /api/v1/crews", 0);
    let message = env.nightly_message();
    let mut run = Box::pin(env.run(&message));
    tokio::select! {
        done = &mut run => panic!("{done:?}"),
        () = env.proxy.held() => {}
    }
    let role = domain::Role::Staff;
    let added = env.add_by_hand("usr_hand", Some("hand@example.jp"), None, role);
    added.await.unwrap();
    held.release();
    run.await.unwrap();
    env.final_state().await;
}
