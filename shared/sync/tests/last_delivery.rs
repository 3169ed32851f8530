//! What AWS refuses for good does not get better with the next delivery: the last one ends the run, so
//! that the history and the admins hear of it.

use domain::RunFailure;
use domain::RunOutcome;
use jiff::SignedDuration;
use sync::InvocationOutcome;
use testkit::{Mishap, TestEnv, advance};

#[tokio::test]
async fn a_write_that_is_refused_for_good_ends_the_run_with_the_last_delivery() {
    for refusal in ["ValidationException", "AccessDeniedException"] {
        let env = TestEnv::second_evening(30).await;
        let id = &env.workspace.workspace_id;
        let message = env.tonight();
        for delivery in 1..=5 {
            env.tap.restart(None);
            let refused = Mishap::Refused(400, refusal);
            env.tap.order("TransactWriteItems", 0, 1, refused);
            let done = if delivery < 5 {
                env.run(&message).await
            } else {
                env.run_for_the_last_time(&message).await
            };
            assert!(done.is_err(), "so that it becomes a dead letter: {done:?}");
            let steps = env.tap.by_operation()["DynamoDB_20120810.TransactWriteItems"];
            // The end of the run is one as well.
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
        let end = env.end().await;
        assert!(end.runs[0].starts_with("Failure Some(Internal)"), "{end:?}");
        assert!(end.mails.keys().any(|mail| mail.starts_with("failed-run")));
        let cause = RunFailure::Internal.cause();
        assert!(end.log.iter().any(|line| line.contains(&cause)));

        // Whoever redrives the message does no harm.
        let done = env.run(&message).await;
        assert!(
            matches!(done, Ok(InvocationOutcome::EndedBefore(_))),
            "{done:?}"
        );
    }
}

#[tokio::test]
async fn a_log_that_is_refused_for_good_leaves_a_run_that_ended_with_its_counts_and_says_so() {
    let env = TestEnv::second_evening(30).await;
    env.night().await;
    let undisturbed = env.end().await;

    let env = TestEnv::second_evening(30).await;
    let id = &env.workspace.workspace_id;
    let message = env.tonight();
    let refused = Mishap::Refused(403, "AccessDenied");
    env.tap.order("PUT /logs", 0, 5, refused);
    for delivery in 1..=5 {
        let done = if delivery < 5 {
            env.run(&message).await
        } else {
            env.run_for_the_last_time(&message).await
        };
        assert!(done.is_err(), "so that it becomes a dead letter: {done:?}");
        let run = env.store.run(id, &message.run_id, message.mode).await;
        let run = run.unwrap().unwrap();
        assert_eq!(run.outcome == RunOutcome::Running, delivery < 5, "{run:?}");
        assert_eq!(run.log_key, None);
        advance(SignedDuration::from_mins(16));
    }
    let end = env.end().await;
    assert_eq!(end.users, undisturbed.users);
    assert_eq!(end.mails, undisturbed.mails, "the passwords go out as well");
    let with_its_log = end.runs[0].replace("Some(LogNotKept)", "None");
    assert_ne!(end.runs[0], with_its_log);
    assert_eq!(with_its_log, undisturbed.runs[0], "with its counts");

    advance(SignedDuration::from_hours(22));
    let done = env.run(&env.tonight()).await;
    assert!(matches!(done, Ok(InvocationOutcome::Ended(_))), "{done:?}");
}

#[tokio::test]
async fn seats_that_were_miscounted_are_counted_anew_by_the_night() {
    let env = TestEnv::second_evening(30).await;
    env.night().await;
    let undisturbed = env.end().await;
    for miscounted in [0, 499] {
        let env = TestEnv::second_evening(30).await;
        env.miscount_users(miscounted).await;
        env.night().await;
        assert_eq!(env.end().await, undisturbed);
    }
}

#[tokio::test]
async fn somebody_added_while_a_run_reads_is_not_taken_for_a_miscount() {
    let env = TestEnv::second_evening(30).await;
    let held = env.tap.hold_operation("GET /api/v1/crews", 0);
    let message = env.tonight();
    let mut run = Box::pin(env.run(&message));
    tokio::select! {
        done = &mut run => panic!("{done:?}"),
        () = env.tap.held() => {}
    }
    let role = domain::Role::Staff;
    let added = env.add_by_hand("usr_hand", Some("hand@example.jp"), None, role);
    added.await.unwrap();
    held.release();
    run.await.unwrap();
    env.end().await;
}
