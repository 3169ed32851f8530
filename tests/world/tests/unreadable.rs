//! What a run did before it died is unreadable: it ends all the same, says so, and keeps no later run
//! from its work.

#![expect(
    clippy::unwrap_used,
    reason = "what cannot be set up or read is a failed test"
)]

use aws::queues::RunMessage;
use aws::runs::RunOutcome;
use directory::RunFailure;
use jiff::SignedDuration;
use sync::Done;
use world::{World, advance};

/// Tonight's run dies when everybody is written, and its first step becomes unreadable.
async fn died_unreadable() -> (World, RunMessage) {
    let world = World::second_evening(30).await;
    let message = world.tonight();
    let held = world.tap.hold_operation("PUT /logs", 0);
    tokio::select! {
        done = world.run(&message) => panic!("{done:?}"),
        () = world.tap.held() => {}
    }
    held.release();
    world.spoil_rows(&message.run_id).await;
    (world, message)
}

/// The run ended, its history says what is missing, and its initial passwords are asked for.
async fn ended_honestly(world: &World, message: &RunMessage) {
    let id = &world.workspace.workspace_id;
    let run = world.store.run(id, &message.run_id, message.mode).await;
    let run = run.unwrap().unwrap();
    assert_eq!(run.outcome, RunOutcome::Failure);
    assert_eq!(run.failure, Some(RunFailure::RowsUnreadable));
    assert!(run.password_seed.is_some());
    let log = world.log(&run.log_key.unwrap());
    let cause = RunFailure::RowsUnreadable.cause();
    assert!(log.iter().any(|line| line.contains(&cause)), "{log:?}");
    let waiting = world.store.waiting_mails(id).await.unwrap();
    let passwords = format!("initial-passwords#{}", message.run_id);
    assert!(waiting.contains(&passwords), "{waiting:?}");
}

#[tokio::test]
async fn the_next_night_ends_it_and_does_its_own_work() {
    let (world, message) = died_unreadable().await;
    advance(SignedDuration::from_hours(24));
    let done = world.run(&world.tonight()).await;
    assert!(matches!(done, Ok(Done::Ended(_))), "{done:?}");
    ended_honestly(&world, &message).await;
    world.end().await;
}

#[tokio::test]
async fn its_own_last_delivery_ends_it() {
    let (world, message) = died_unreadable().await;
    advance(SignedDuration::from_mins(16));
    world.run(&message).await.unwrap_err();
    let gate = world.store.gate(&world.workspace.workspace_id).await;
    assert_eq!(gate.unwrap().unended.len(), 1, "others try again first");
    world.run_for_the_last_time(&message).await.unwrap_err();
    ended_honestly(&world, &message).await;
    world.end().await;
}
