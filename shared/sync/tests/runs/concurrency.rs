//! Concurrent invocations: each step is written once, by the invocation that holds the lease.

use std::time::Duration;

use domain::{Role, RunFailure, RunOutcome};
use jiff::SignedDuration;
use storage::queues::RunMessage;
use sync::InvocationOutcome;
use testkit::{CrashPoint, TestEnv, advance, code_only, ended, person};

#[tokio::test]
async fn of_two_invocations_of_one_run_at_once_one_does_it_and_the_other_waits() {
    let undisturbed = TestEnv::undisturbed().await;
    let env = TestEnv::with_pending_changes(30).await;
    env.proxy.delay(Duration::from_millis(2));
    let message = env.nightly_message();
    let (one, other) = tokio::join!(env.run(&message), env.run(&message));
    let one_waited = matches!(
        (one.unwrap(), other.unwrap()),
        (InvocationOutcome::Ended(_), InvocationOutcome::Postponed)
            | (InvocationOutcome::Postponed, InvocationOutcome::Ended(_))
    );
    assert!(one_waited);
    assert_eq!(&env.final_state().await, undisturbed);

    // SQS redelivers the postponed message after a minute.
    advance(SignedDuration::from_mins(1));
    env.run_ended_before(&message).await;
}

#[tokio::test]
async fn a_run_by_hand_during_the_night_waits_and_then_finds_nothing_to_do() {
    let undisturbed = TestEnv::undisturbed().await;
    let env = TestEnv::with_pending_changes(30).await;
    env.proxy.delay(Duration::from_millis(2));
    let (night, by_hand) = (env.nightly_message(), env.manual_message());
    let begun_first = async {
        tokio::time::sleep(Duration::from_millis(20)).await;
        env.run(&by_hand).await.unwrap()
    };
    let (first, second) = tokio::join!(env.run_to_end(&night), begun_first);
    assert_eq!(first.failure, None);
    assert!(matches!(second, InvocationOutcome::Postponed), "{second:?}");
    assert_eq!(&env.final_state().await, undisturbed);

    let counts = env.run_to_end(&by_hand).await.counts;
    let (added, changed) = (counts.invited + counts.registered, counts.updated);
    assert_eq!((added, changed, counts.deleted), (0, 0, 0));
    assert_eq!(env.final_state().await.users, undisturbed.users);
}

#[tokio::test]
async fn a_message_delivered_again_after_the_end_changes_nothing() {
    let env = TestEnv::with_pending_changes(30).await;
    let message = env.nightly_message();
    env.run(&message).await.unwrap();
    let end = env.final_state().await;
    let users = env.users().await;
    for _ in 0..2 {
        env.run_ended_before(&message).await;
        assert_eq!(env.users().await, users);
        assert_eq!(env.final_state().await, end);
        assert_eq!(env.seats_and_lease().await.unended, []);
    }
}

/// Holds a run at a call until its lease has expired and the redelivered message has ended the run.
/// Returns the environment, or `None` if the run makes fewer calls.
async fn sleeps_at(call: usize) -> Option<TestEnv> {
    let env = TestEnv::with_pending_changes(30).await;
    let message = env.nightly_message();
    let held = env.proxy.hold(CrashPoint::Before(call));
    let mut sleeper = Box::pin(env.run(&message));
    tokio::select! {
        done = &mut sleeper => {
            ended(done);
            return None;
        }
        () = env.proxy.held() => {}
    }
    advance(SignedDuration::from_mins(2));
    let done = env.run(&message).await.unwrap();
    let has_ended = |done: &InvocationOutcome| {
        matches!(
            done,
            InvocationOutcome::Ended(_) | InvocationOutcome::EndedBefore(_)
        )
    };
    assert!(has_ended(&done), "call {call}: {done:?}");
    held.release();
    let woken = sleeper.await.unwrap();
    let waits = matches!(woken, InvocationOutcome::Postponed);
    assert!(waits || has_ended(&woken), "call {call}: {woken:?}");
    Some(env)
}

#[tokio::test]
async fn a_holder_that_wakes_up_after_its_lease_ended_writes_nothing_wherever_it_slept() {
    let undisturbed = TestEnv::undisturbed().await;
    let mut call = 0;
    while let Some(env) = sleeps_at(call).await {
        assert_eq!(&env.final_state().await, undisturbed, "call {call}");
        call += 1;
    }
    assert!(call > 20, "{call}");
}

#[tokio::test]
async fn a_holder_that_wakes_up_late_does_not_write_its_log_over_the_one_of_the_run() {
    let env = TestEnv::with_pending_changes(30).await;
    let message = env.nightly_message();
    let held = env.proxy.hold_operation("PUT /logs", 0);
    let mut sleeper = Box::pin(env.run(&message));
    env.proxy.until_held(&mut sleeper).await;
    advance(SignedDuration::from_mins(2));
    let mut people = testkit::changed_company(30);
    people.push(person(500));
    env.set_crews(&people).await;
    env.run(&message).await.unwrap();
    held.release();
    sleeper.await.unwrap();
    let run = env.stored_run(&message).await;
    let log = env.log(run.log_key.as_ref().unwrap());
    assert!(log.iter().any(|line| line.contains("社員500")), "{log:#?}");
}

/// Returns an environment in which three of 18 people leave and 36 join, with seats for all but
/// nine.
async fn too_few_seats() -> TestEnv {
    let mut env = TestEnv::with_pending_changes(30).await;
    env.workspace.seats = 42;
    env.store.put_workspace(&env.workspace, &[]).await.unwrap();
    env
}

#[tokio::test]
async fn an_admin_who_takes_a_seat_and_an_address_while_a_run_writes_keeps_both() {
    for transaction in 0..4 {
        let env = too_few_seats().await;
        let held = env.proxy.hold_operation("TransactWriteItems", transaction);
        let message = env.nightly_message();
        let mut run = Box::pin(env.run(&message));
        env.proxy.until_held(&mut run).await;
        let email = Some("p45@example.jp");
        let added = env.add_by_hand("usr_hand", email, None, Role::Staff);
        let added = added.await.unwrap();
        held.release();
        ended(run.await);
        assert_eq!(env.users().await.len(), 42);
        // The run plans again, matches the added user with the person in SmartHR, and links them.
        let kept = env.user("usr_hand").await;
        assert_eq!((kept.email, kept.role), (added.email, Role::Staff));
        assert_eq!(env.final_state().await.seats, 42);
    }
}

/// Returns an environment whose first run registered people by code and crashed before its end. Its
/// message is never redelivered.
async fn abandoned() -> (TestEnv, RunMessage) {
    let env = TestEnv::new(100, None).await;
    let people = (0..3).map(person).chain((10..13).map(code_only));
    env.set_crews(&people.collect::<Vec<_>>()).await;

    let message = env.nightly_message();
    let _held = env.proxy.hold_operation("PUT /logs", 0);
    env.proxy.until_held(env.run(&message)).await;
    assert_eq!(env.users().await.len(), 6);
    env.clear_queues();
    advance(SignedDuration::from_hours(24));
    (env, message)
}

/// Checks that the lost run ended, and that its initial passwords are in the outbox.
async fn has_ended_and_is_reported(env: &TestEnv, lost: &RunMessage) {
    let run = env.stored_run(lost).await;
    assert_eq!(run.outcome, RunOutcome::Failure);
    assert_eq!(run.failure, Some(RunFailure::Internal));
    assert_eq!((run.counts.invited, run.counts.registered), (3, 3));
    assert!(run.password_seed.is_some(), "the CSV is still owed");
    let mut mails = env.final_state().await.mails;
    mails.retain(|mail, _| mail.starts_with("initial-passwords"));
    assert_eq!(mails.values().sum::<usize>(), 1, "{mails:#?}");
}

#[tokio::test]
async fn a_run_that_never_comes_back_is_ended_by_the_next_night_and_its_passwords_are_sent() {
    let (env, lost) = abandoned().await;
    let tonight = env.nightly_run().await;
    assert_eq!(tonight.outcome, RunOutcome::Success);
    assert_eq!(tonight.counts.unchanged, 6);
    has_ended_and_is_reported(&env, &lost).await;
    env.run_ended_before(&lost).await;
}

/// Crashes the run of the night after an abandoned one, and redelivers its message. Returns whether
/// it crashed.
async fn next_night_dies(crash_point: CrashPoint) -> bool {
    let (env, lost) = abandoned().await;
    let tonight = env.nightly_message();
    let done = env.proxy.crash_at(crash_point, env.run(&tonight)).await;
    let crashed = done.is_none();
    if let Some(done) = done {
        ended(done);
    } else {
        advance(SignedDuration::from_mins(16));
        env.run(&tonight).await.unwrap();
    }
    has_ended_and_is_reported(&env, &lost).await;
    crashed
}

#[tokio::test]
async fn a_lost_run_is_ended_even_when_the_next_night_dies_as_well() {
    for call in 0.. {
        let before = next_night_dies(CrashPoint::Before(call)).await;
        let after = next_night_dies(CrashPoint::After(call)).await;
        if !before && !after {
            assert!(call > 10, "{call}");
            break;
        }
    }
}
