//! What AWS refuses for good does not get better with the next delivery: the last one ends the run, so
//! that the history and the admins hear of it.

use aws::runs::RunOutcome;
use directory::RunFailure;
use jiff::SignedDuration;
use sync::Done;
use world::{Mishap, World, advance};

#[tokio::test]
async fn a_write_that_is_refused_for_good_ends_the_run_with_the_last_delivery() {
    for refusal in ["ValidationException", "AccessDeniedException"] {
        let world = World::second_evening(30).await;
        let id = &world.workspace.workspace_id;
        let message = world.tonight();
        for delivery in 1..=5 {
            world.tap.restart(None);
            let refused = Mishap::Refused(400, refusal);
            world.tap.order("TransactWriteItems", 0, 1, refused);
            let done = if delivery < 5 {
                world.run(&message).await
            } else {
                world.run_for_the_last_time(&message).await
            };
            assert!(done.is_err(), "so that it becomes a dead letter: {done:?}");
            let steps = world.tap.by_operation()["DynamoDB_20120810.TransactWriteItems"];
            // The end of the run is one as well.
            assert_eq!(
                steps,
                1 + usize::from(delivery == 5),
                "asked again and again"
            );
            let run = world.store.run(id, &message.run_id, message.mode).await;
            let run = run.unwrap().unwrap();
            assert_eq!(run.outcome == RunOutcome::Running, delivery < 5, "{run:?}");
            advance(SignedDuration::from_mins(16));
        }
        let end = world.end().await;
        assert!(end.runs[0].starts_with("Failure Some(Internal)"), "{end:?}");
        assert!(end.mails.keys().any(|mail| mail.starts_with("failed-run")));
        let cause = RunFailure::Internal.cause();
        assert!(end.log.iter().any(|line| line.contains(&cause)));

        // Whoever redrives the message does no harm.
        let done = world.run(&message).await;
        assert!(matches!(done, Ok(Done::Before(_))), "{done:?}");
    }
}

#[tokio::test]
async fn a_log_that_is_refused_for_good_leaves_a_run_that_ended_with_its_counts_and_says_so() {
    let world = World::second_evening(30).await;
    world.night().await;
    let undisturbed = world.end().await;

    let world = World::second_evening(30).await;
    let id = &world.workspace.workspace_id;
    let message = world.tonight();
    let refused = Mishap::Refused(403, "AccessDenied");
    world.tap.order("PUT /logs", 0, 5, refused);
    for delivery in 1..=5 {
        let done = if delivery < 5 {
            world.run(&message).await
        } else {
            world.run_for_the_last_time(&message).await
        };
        assert!(done.is_err(), "so that it becomes a dead letter: {done:?}");
        let run = world.store.run(id, &message.run_id, message.mode).await;
        let run = run.unwrap().unwrap();
        assert_eq!(run.outcome == RunOutcome::Running, delivery < 5, "{run:?}");
        assert_eq!(run.log_key, None);
        advance(SignedDuration::from_mins(16));
    }
    let end = world.end().await;
    assert_eq!(end.users, undisturbed.users);
    assert_eq!(end.mails, undisturbed.mails, "the passwords go out as well");
    let with_its_log = end.runs[0].replace("Some(LogNotKept)", "None");
    assert_ne!(end.runs[0], with_its_log);
    assert_eq!(with_its_log, undisturbed.runs[0], "with its counts");

    advance(SignedDuration::from_hours(22));
    let done = world.run(&world.tonight()).await;
    assert!(matches!(done, Ok(Done::Ended(_))), "{done:?}");
}

#[tokio::test]
async fn seats_that_were_miscounted_are_counted_anew_by_the_night() {
    let world = World::second_evening(30).await;
    world.night().await;
    let undisturbed = world.end().await;
    for miscounted in [0, 499] {
        let world = World::second_evening(30).await;
        world.miscount_users(miscounted).await;
        world.night().await;
        assert_eq!(world.end().await, undisturbed);
    }
}

#[tokio::test]
async fn somebody_added_while_a_run_reads_is_not_taken_for_a_miscount() {
    let world = World::second_evening(30).await;
    let held = world.tap.hold_operation("GET /api/v1/crews", 0);
    let message = world.tonight();
    let mut run = Box::pin(world.run(&message));
    tokio::select! {
        done = &mut run => panic!("{done:?}"),
        () = world.tap.held() => {}
    }
    let role = directory::Role::Staff;
    let added = world.add_by_hand("usr_hand", Some("hand@example.jp"), None, role);
    added.await.unwrap();
    held.release();
    run.await.unwrap();
    world.end().await;
}
