//! What a run did before it died is unreadable: it ends all the same, says so, and keeps no later run
//! from its work.

#![expect(
    clippy::unwrap_used,
    reason = "what cannot be set up or read is a failed test"
)]

use domain::RunFailure;
use domain::RunOutcome;
use jiff::SignedDuration;
use storage::queues::RunMessage;
use sync::InvocationOutcome;
use testkit::{TestEnv, advance};

/// Tonight's run dies when everybody is written, and its first step becomes unreadable.
async fn died_unreadable() -> (TestEnv, RunMessage) {
    let env = TestEnv::with_pending_changes(30).await;
    let message = env.nightly_message();
    let held = env.proxy.hold_operation("PUT /logs", 0);
    tokio::select! {
        done = env.run(&message) => panic!("{done:?}"),
        () = env.proxy.held() => {}
    }
    held.release();
    env.corrupt_step_rows(&message.run_id).await;
    (env, message)
}

/// The run ended, its history says what is missing, and its initial passwords are asked for.
async fn ended_honestly(env: &TestEnv, message: &RunMessage) {
    let id = &env.workspace.workspace_id;
    let run = env.store.run(id, &message.run_id, message.mode).await;
    let run = run.unwrap().unwrap();
    assert_eq!(run.outcome, RunOutcome::Failure);
    assert_eq!(run.failure, Some(RunFailure::RowsUnreadable));
    assert!(run.password_seed.is_some());
    let log = env.log(&run.log_key.unwrap());
    let cause = RunFailure::RowsUnreadable.cause();
    assert!(log.iter().any(|line| line.contains(&cause)), "{log:?}");
    let waiting = env.store.waiting_mails(id).await.unwrap();
    let passwords = format!("initial-passwords#{}", message.run_id);
    assert!(waiting.contains(&passwords), "{waiting:?}");
}

#[tokio::test]
async fn the_next_night_ends_it_and_does_its_own_work() {
    let (env, message) = died_unreadable().await;
    advance(SignedDuration::from_hours(24));
    let done = env.run(&env.nightly_message()).await;
    assert!(matches!(done, Ok(InvocationOutcome::Ended(_))), "{done:?}");
    ended_honestly(&env, &message).await;
    env.final_state().await;
}

#[tokio::test]
async fn its_own_last_delivery_ends_it() {
    let (env, message) = died_unreadable().await;
    advance(SignedDuration::from_mins(16));
    env.run(&message).await.unwrap_err();
    let gate = env.store.seats_and_lease(&env.workspace.workspace_id).await;
    assert_eq!(gate.unwrap().unended.len(), 1, "others try again first");
    env.run_last_delivery(&message).await.unwrap_err();
    ended_honestly(&env, &message).await;
    env.final_state().await;
}
