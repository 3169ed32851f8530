//! SmartHR is unavailable at 02:00: the night's run comes again by itself until 06:00, as one entry of
//! the history and at most one mail.

use std::time::Duration;

use domain::{Run, RunFailure, RunOutcome};
use jiff::SignedDuration;
use serde_json::json;
use storage::queues::RunMessage;
use sync::InvocationOutcome;
use testkit::users::system_administrator;
use testkit::{CrashPoint, TestEnv, advance, ended, now, person};

/// The time that a run asks SmartHR for while it is unavailable.
const PATIENCE: Duration = Duration::from_millis(300);

const HALF_AN_HOUR: SignedDuration = SignedDuration::from_mins(30);

/// Returns an environment with two people to invite, where SmartHR is in maintenance at 02:00.
async fn maintenance() -> TestEnv {
    let env = TestEnv::new(100, None).await;
    env.add_user(system_administrator("usr_admin")).await;
    env.set_crews(&[person(1), person(2)]).await;
    let body = json!({ "code": 9, "type": "service_maintenance", "message": "" });
    env.smarthr_fault(json!({ "path": "/api", "status": 503, "body": body }))
        .await;
    env
}

/// Carries out an attempt that SmartHR does not answer, and returns the message of the next one.
async fn waits_after(env: &TestEnv, message: &RunMessage) -> RunMessage {
    let done = env.run_for(message, PATIENCE).await.unwrap();
    assert!(matches!(done, InvocationOutcome::AwaitsRetry), "{done:?}");
    only(env)
}

fn only(env: &TestEnv) -> RunMessage {
    let mut next = env.queued_runs();
    assert_eq!(next.len(), 1, "{next:?}");
    next.remove(0)
}

async fn history(env: &TestEnv) -> Vec<Run> {
    let id = &env.workspace.workspace_id;
    env.store.runs(id, None, 10).await.unwrap()
}

/// Returns the number of mails about failed runs.
async fn failed_run_mails(env: &TestEnv) -> usize {
    let mails = env.waiting_mails().await;
    mails
        .iter()
        .filter(|id| id.starts_with("failed-run"))
        .count()
}

#[tokio::test]
async fn ten_seconds_of_503_at_two_cost_nothing() {
    let env = maintenance().await;
    let message = env.nightly_message();
    let next = waits_after(&env, &message).await;
    let waiting = env.stored_run(&message).await;
    assert_eq!(waiting.outcome, RunOutcome::Running);
    let retry = waiting.waits_for(now()).unwrap();
    assert_eq!(retry.at, now() + HALF_AN_HOUR);
    assert_eq!(env.seats_and_lease().await.running(now()), None);

    env.clear_smarthr_faults().await;
    advance(SignedDuration::from_mins(15));
    // SQS delivers it after its longest delay: too early.
    let next = waits_after(&env, &next).await;
    advance(SignedDuration::from_mins(15));
    let run = env.run_to_end(&next).await;
    assert_eq!((run.outcome, run.counts.invited), (RunOutcome::Success, 2));
    assert_eq!(run.retry, None);
    assert_eq!(history(&env).await, [run]);
    assert_eq!(failed_run_mails(&env).await, 0);
}

#[tokio::test]
async fn six_hours_of_maintenance_are_one_entry_and_one_mail() {
    let env = maintenance().await;
    let (mut message, mut attempts) = (env.nightly_message(), 1);
    let run = loop {
        assert_eq!(failed_run_mails(&env).await, 0);
        match env.run_for(&message, PATIENCE).await {
            Ok(InvocationOutcome::AwaitsRetry) => message = only(&env),
            done => break ended(done),
        }
        let at = message.not_before.unwrap();
        advance(at.duration_since(now()));
        attempts += 1;
    };
    assert_eq!(attempts, 6);
    assert_eq!(run.failure, Some(RunFailure::SmartHrMaintenance));
    assert_eq!(history(&env).await, [run]);
    assert_eq!(failed_run_mails(&env).await, 1);
}

#[tokio::test]
async fn an_admin_may_sync_by_hand_while_the_night_waits() {
    let env = maintenance().await;
    let night = env.nightly_message();
    let next = waits_after(&env, &night).await;
    env.clear_smarthr_faults().await;
    advance(SignedDuration::from_mins(20));
    let by_hand = env.run_to_end(&env.manual_message()).await;
    assert_eq!(by_hand.counts.invited, 2);
    assert!(env.stored_run(&night).await.waits_for(now()).is_some());

    // The next one is under way when the night's time comes.
    advance(SignedDuration::from_mins(10));
    let id = &env.workspace.workspace_id;
    let run_id = env.manual_message().run_id;
    let lease = env
        .store
        .acquire_lease(id, &run_id, 0, now())
        .await
        .unwrap();
    let done = env.run(&next).await.unwrap();
    assert!(matches!(done, InvocationOutcome::Postponed), "{done:?}");
    let lease = lease.unwrap().lease;
    env.store
        .release_lease(id, &lease, &[run_id])
        .await
        .unwrap();
    let counts = env.run_to_end(&only(&env)).await.counts;
    assert_eq!((counts.invited, counts.unchanged), (0, 2));
    assert_eq!(history(&env).await.len(), 2);
    assert_eq!(failed_run_mails(&env).await, 0);
}

#[tokio::test]
async fn a_night_that_dies_at_any_call_while_smarthr_is_down_comes_again_all_the_same() {
    let mut points = 0;
    loop {
        let env = maintenance().await;
        let message = env.nightly_message();
        let first = env.run_for(&message, PATIENCE);
        let died = env.proxy.crash_at(CrashPoint::After(points), first).await;
        if died.is_some() {
            break;
        }
        // SQS delivers the message again after its visibility timeout.
        advance(SignedDuration::from_mins(16));
        let done = env.run_for(&message, PATIENCE).await.unwrap();
        assert!(
            matches!(done, InvocationOutcome::AwaitsRetry),
            "{points}: {done:?}"
        );
        env.clear_smarthr_faults().await;
        advance(SignedDuration::from_mins(44));
        for next in env.queued_runs() {
            env.run(&next).await.unwrap();
        }
        let history = history(&env).await;
        assert_eq!(history.len(), 1);
        assert_eq!(history[0].outcome, RunOutcome::Success, "{points}");
        assert_eq!(history[0].counts.invited, 2);
        assert_eq!(failed_run_mails(&env).await, 0);
        points += 1;
        // The next 02:00.
        advance(SignedDuration::from_hours(23));
    }
    assert!(points > 8, "{points}");
}

#[tokio::test]
async fn who_switches_the_sync_off_meanwhile_is_not_synced_and_the_run_ends() {
    let env = maintenance().await;
    let night = env.nightly_message();
    let next = waits_after(&env, &night).await;
    env.clear_smarthr_faults().await;
    advance(SignedDuration::from_mins(20));
    // Its end leaves no other run on the list of unended ones.
    env.set_crews(&[]).await;
    env.run_to_end(&env.manual_message()).await;
    env.set_crews(&[person(1)]).await;
    env.change_connection(|it| it.settings.enabled = false)
        .await;
    advance(HALF_AN_HOUR);
    env.run(&next).await.unwrap();
    let run = env.stored_run(&night).await;
    assert_eq!(run.failure, Some(RunFailure::Stopped));
    assert_eq!(run.counts.invited, 0);
}

#[tokio::test]
async fn a_run_whose_next_message_was_lost_is_ended_by_the_next_night_with_its_own_reason() {
    let env = maintenance().await;
    let night = env.nightly_message();
    waits_after(&env, &night).await;
    env.clear_smarthr_faults().await;
    advance(SignedDuration::from_hours(24));
    env.nightly_run().await;
    let run = env.stored_run(&night).await;
    assert_eq!(run.failure, Some(RunFailure::SmartHrMaintenance));
}
