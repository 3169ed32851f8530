//! Concurrent invocations: each step is written once, by the invocation that holds the lease.

#![expect(
    clippy::unwrap_used,
    reason = "what cannot be set up or read is a failed test"
)]

use std::time::Duration;

use domain::RunOutcome;
use domain::{Role, RunFailure};
use jiff::SignedDuration;
use sync::InvocationOutcome;
use testkit::{CrashPoint, FinalState, TestEnv, advance, code_only, person};
use tokio::sync::OnceCell;

/// Returns the final state of an undisturbed run, computed once.
async fn undisturbed() -> &'static FinalState {
    static END: OnceCell<FinalState> = OnceCell::const_new();
    END.get_or_init(|| async {
        let env = TestEnv::with_pending_changes(30).await;
        env.nightly_run().await;
        env.final_state().await
    })
    .await
}

#[tokio::test]
async fn of_two_invocations_of_one_run_at_once_one_does_it_and_the_other_waits() {
    let undisturbed = undisturbed().await;
    let env = TestEnv::with_pending_changes(30).await;
    env.proxy.delay(Duration::from_millis(2));
    let message = env.nightly_message();
    let (one, other) = tokio::join!(env.run(&message), env.run(&message));
    let done = [one.unwrap(), other.unwrap()];
    assert!(
        done.iter()
            .any(|it| matches!(it, InvocationOutcome::Ended(_)))
    );
    assert!(
        done.iter()
            .any(|it| matches!(it, InvocationOutcome::Postponed))
    );
    assert_eq!(&env.final_state().await, undisturbed);

    // SQS redelivers the postponed message after a minute.
    advance(SignedDuration::from_mins(1));
    let done = env.run(&message).await.unwrap();
    assert!(
        matches!(done, InvocationOutcome::EndedBefore(_)),
        "{done:?}"
    );
}

#[tokio::test]
async fn a_run_by_hand_during_the_night_waits_and_then_finds_nothing_to_do() {
    let undisturbed = undisturbed().await;
    let env = TestEnv::with_pending_changes(30).await;
    env.proxy.delay(Duration::from_millis(2));
    let (night, by_hand) = (env.nightly_message(), env.manual_message());
    let begun_first = async {
        tokio::time::sleep(Duration::from_millis(20)).await;
        env.run(&by_hand).await
    };
    let (first, second) = tokio::join!(env.run(&night), begun_first);
    assert!(
        matches!(first, Ok(InvocationOutcome::Ended(_))),
        "{first:?}"
    );
    assert!(
        matches!(second, Ok(InvocationOutcome::Postponed)),
        "{second:?}"
    );
    assert_eq!(&env.final_state().await, undisturbed);

    let done = env.run(&by_hand).await.unwrap();
    let InvocationOutcome::Ended(run) = done else {
        panic!("{done:?}")
    };
    let counts = run.counts;
    assert_eq!(
        (
            counts.invited,
            counts.registered,
            counts.updated,
            counts.deleted
        ),
        (0, 0, 0, 0)
    );
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
        let done = env.run(&message).await.unwrap();
        assert!(
            matches!(done, InvocationOutcome::EndedBefore(_)),
            "{done:?}"
        );
        assert_eq!(env.users().await, users);
        assert_eq!(env.final_state().await, end);
        let gate = env.store.seats_and_lease(&env.workspace.workspace_id).await;
        assert_eq!(gate.unwrap().unended, []);
    }
}

#[tokio::test]
async fn a_holder_that_wakes_up_after_its_lease_ended_writes_nothing_wherever_it_slept() {
    let undisturbed = undisturbed().await;
    let mut call = 0;
    loop {
        let env = TestEnv::with_pending_changes(30).await;
        let message = env.nightly_message();
        let held = env.proxy.hold(CrashPoint::Before(call));
        let mut sleeper = Box::pin(env.run(&message));
        let slept = tokio::select! {
            done = &mut sleeper => { assert!(matches!(done, Ok(InvocationOutcome::Ended(_)))); false }
            () = env.proxy.held() => true,
        };
        if !slept {
            break;
        }
        advance(SignedDuration::from_mins(2));
        let done = env.run(&message).await.unwrap();
        assert!(
            matches!(
                done,
                InvocationOutcome::Ended(_) | InvocationOutcome::EndedBefore(_)
            ),
            "{done:?}"
        );
        held.release();
        let woken = sleeper.await;
        assert!(
            matches!(
                woken,
                Ok(InvocationOutcome::Postponed
                    | InvocationOutcome::EndedBefore(_)
                    | InvocationOutcome::Ended(_))
            ),
            "call {call}: {woken:?}"
        );
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
    tokio::select! {
        done = &mut sleeper => panic!("{done:?}"),
        () = env.proxy.held() => {}
    }
    advance(SignedDuration::from_mins(2));
    let mut people = testkit::changed_company(30);
    people.push(person(500));
    env.set_crews(&people).await;
    env.run(&message).await.unwrap();
    held.release();
    sleeper.await.unwrap();
    let run = &env
        .store
        .runs(&env.workspace.workspace_id, None, 1)
        .await
        .unwrap()[0];
    let log = env.log(run.log_key.as_ref().unwrap());
    assert!(log.iter().any(|line| line.contains("社員500")), "{log:#?}");
}

/// Returns an environment in which three of 18 people leave and 36 join, with seats for all but
/// nine.
async fn too_few_seats() -> TestEnv {
    let mut env = TestEnv::with_pending_changes(30).await;
    env.workspace.seats = 42;
    env.store.put_workspace(&env.workspace).await.unwrap();
    env
}

#[tokio::test]
async fn an_admin_who_takes_a_seat_and_an_address_while_a_run_writes_keeps_both() {
    for transaction in 0..4 {
        let env = too_few_seats().await;
        let held = env.proxy.hold_operation("TransactWriteItems", transaction);
        let message = env.nightly_message();
        let mut run = Box::pin(env.run(&message));
        tokio::select! {
            done = &mut run => panic!("{done:?}"),
            () = env.proxy.held() => {}
        }
        let email = Some("p45@example.jp");
        let added = env.add_by_hand("usr_hand", email, None, Role::Staff);
        let added = added.await.unwrap();
        held.release();
        let done = run.await;
        assert!(matches!(done, Ok(InvocationOutcome::Ended(_))), "{done:?}");
        let users = env.users().await;
        assert_eq!(users.len(), 42);
        // The run plans again, matches the added user with the person in SmartHR, and links them.
        let kept = users.iter().find(|user| user.user_id == added.user_id);
        let kept = kept.unwrap();
        assert_eq!((&kept.email, kept.role), (&added.email, Role::Staff));
        assert_eq!(env.final_state().await.seats, 42);
    }
}

/// Returns an environment whose first run registered people by code and crashed before its end. Its
/// message is never redelivered.
async fn abandoned() -> (TestEnv, storage::queues::RunMessage) {
    let env = TestEnv::new(100, None).await;
    let mut people: Vec<_> = (0..3).map(person).collect();
    people.extend((10..13).map(code_only));
    env.set_crews(&people).await;

    let message = env.nightly_message();
    let _held = env.proxy.hold_operation("PUT /logs", 0);
    tokio::select! {
        done = env.run(&message) => panic!("{done:?}"),
        () = env.proxy.held() => {}
    }
    assert_eq!(env.users().await.len(), 6);
    env.clear_queues();
    advance(SignedDuration::from_hours(24));
    (env, message)
}

async fn is_told_and_ended(env: &TestEnv, lost: &storage::queues::RunMessage) {
    let id = &env.workspace.workspace_id;
    let run = env.store.run(id, &lost.run_id, lost.mode).await;
    let run = run.unwrap().unwrap();
    assert_eq!(run.outcome, RunOutcome::Failure);
    assert_eq!(run.failure, Some(RunFailure::Internal));
    assert_eq!((run.counts.invited, run.counts.registered), (3, 3));
    assert!(run.password_seed.is_some(), "the CSV is still owed");
    let mails = env.final_state().await.mails;
    let csvs: usize = mails
        .iter()
        .filter(|(mail, _)| mail.starts_with("initial-passwords"))
        .map(|(_, count)| count)
        .sum();
    assert_eq!(csvs, 1, "{mails:#?}");
}

#[tokio::test]
async fn a_run_that_never_comes_back_is_ended_by_the_next_night_and_its_passwords_are_sent() {
    let (env, lost) = abandoned().await;
    let tonight = env.nightly_run().await;
    assert_eq!(tonight.outcome, RunOutcome::Success);
    assert_eq!(tonight.counts.unchanged, 6);
    is_told_and_ended(&env, &lost).await;

    let done = env.run(&lost).await.unwrap();
    assert!(
        matches!(done, InvocationOutcome::EndedBefore(_)),
        "{done:?}"
    );
}

#[tokio::test]
async fn a_lost_run_is_ended_even_when_the_next_night_dies_as_well() {
    let mut call = 0;
    loop {
        let mut reached = false;
        for death in [CrashPoint::Before(call), CrashPoint::After(call)] {
            let (env, lost) = abandoned().await;
            let tonight = env.nightly_message();
            env.proxy.restart(Some(death));
            let died = tokio::select! {
                done = env.run(&tonight) => {
                    assert!(matches!(done, Ok(InvocationOutcome::Ended(_))), "{done:?}");
                    false
                }
                () = env.proxy.crashed() => true,
            };
            env.proxy.restart(None);
            if died {
                reached = true;
                advance(SignedDuration::from_mins(16));
                env.run(&tonight).await.unwrap();
            }
            is_told_and_ended(&env, &lost).await;
        }
        if !reached {
            break;
        }
        call += 1;
    }
    assert!(call > 10, "{call}");
}
