//! A crashed run whose rows are unreadable. It still ends, reports the missing rows, and does not
//! block later runs.

use domain::{RunFailure, RunOutcome};
use jiff::SignedDuration;
use storage::queues::RunMessage;
use testkit::{TestEnv, advance};

/// Returns an environment whose nightly run crashed after writing all users, with the first step
/// unreadable.
async fn died_unreadable() -> (TestEnv, RunMessage) {
    let env = TestEnv::with_pending_changes(30).await;
    let message = env.nightly_message();
    let _held = env.proxy.hold_operation("PUT /logs", 0);
    env.proxy.until_held(env.run(&message)).await;
    env.corrupt_step_rows(&message.run_id).await;
    (env, message)
}

/// Checks that the run ended, that its log reports the missing rows, and that its initial passwords
/// are in the outbox.
async fn ended_honestly(env: &TestEnv, message: &RunMessage) {
    let run = env.stored_run(message).await;
    assert_eq!(run.outcome, RunOutcome::Failure);
    assert_eq!(run.failure, Some(RunFailure::RowsUnreadable));
    assert!(run.password_seed.is_some());
    let log = env.log(&run.log_key.unwrap());
    let cause = RunFailure::RowsUnreadable.cause();
    assert!(log.iter().any(|line| line.contains(&cause)), "{log:?}");
    let waiting = env.waiting_mails().await;
    let passwords = format!("initial-passwords#{}", message.run_id);
    assert!(waiting.contains(&passwords), "{waiting:?}");
    env.final_state().await;
}

#[tokio::test]
async fn the_next_night_ends_a_run_whose_rows_are_unreadable_and_does_its_own_work() {
    let (env, message) = died_unreadable().await;
    advance(SignedDuration::from_hours(24));
    env.nightly_run().await;
    ended_honestly(&env, &message).await;
}

#[tokio::test]
async fn the_last_delivery_of_a_run_whose_rows_are_unreadable_ends_it() {
    let (env, message) = died_unreadable().await;
    advance(SignedDuration::from_mins(16));
    env.run(&message).await.unwrap_err();
    let unended = env.seats_and_lease().await.unended;
    assert_eq!(unended.len(), 1, "others try again first");
    env.run_last_delivery(&message).await.unwrap_err();
    ended_honestly(&env, &message).await;
}
