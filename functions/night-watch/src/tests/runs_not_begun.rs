//! The round of 02:30: runs that have not begun.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use testkit::{TestEnv, advance, now, person};
use tokio::time::Instant;

use super::{DAY, watch};
use crate::watch::{Round, RoundReport};

/// Makes the round of 02:30 for a night that began now, and returns the number of runs not begun.
pub(super) async fn not_begun(env: &TestEnv) -> u32 {
    not_begun_since(env, now()).await
}

/// Makes the round of 02:30 for a night that began at `two`, and returns the number of runs not begun.
async fn not_begun_since(env: &TestEnv, two: Timestamp) -> u32 {
    let scheduled_at = two + SignedDuration::from_mins(30);
    let round = Round::Night {
        scheduled_at,
        minutes_after_start: 30,
    };
    match watch(env).handle(round).await.unwrap() {
        RoundReport::Night { not_begun, .. } => not_begun,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_run_that_has_not_begun_by_half_past_two_is_found() {
    let env = TestEnv::new(10, None).await;
    env.set_crews(&[person(1)]).await;
    assert_eq!(not_begun(&env).await, 1);
    env.nightly_run().await;
    assert_eq!(not_begun(&env).await, 0);
    advance(SignedDuration::from_hours(24));
    assert_eq!(
        not_begun(&env).await,
        1,
        "last night's run is not tonight's"
    );
}

#[tokio::test]
async fn a_run_whose_message_waits_in_the_queue_is_not_missed_and_one_whose_message_is_lost_is() {
    let env = TestEnv::new(10, None).await;
    let queues = env.runner().queues;
    queues.send_runs(&[env.nightly_message()]).await.unwrap();
    assert_eq!(not_begun(&env).await, 0);
    env.clear_queues();
    assert_eq!(not_begun(&env).await, 1);
}

#[tokio::test]
async fn the_round_an_hour_later_looks_for_the_same_runs() {
    let env = TestEnv::new(10, None).await;
    let two: Timestamp = "2026-11-29T17:00:00Z".parse().unwrap();
    for (connected_after_two, not_begun) in [(0, 1), (1, 0)] {
        let connected_at = two + SignedDuration::from_secs(connected_after_two);
        env.change_connection(|it| it.connected_at = connected_at)
            .await;
        let round = Round::Night {
            scheduled_at: two + SignedDuration::from_mins(90),
            minutes_after_start: 90,
        };
        let found = watch(&env).handle(round).await.unwrap();
        let expected = RoundReport::Night {
            not_begun,
            stopped: 0,
            paused_warned: 0,
        };
        assert_eq!(found, expected);
    }
}

#[tokio::test]
async fn who_is_switched_off_or_was_connected_later_in_the_night_is_not_missed() {
    let env = TestEnv::new(10, None).await;
    let connected_later = now() + SignedDuration::from_mins(1);
    env.change_connection(|it| it.connected_at = connected_later)
        .await;
    assert_eq!(not_begun(&env).await, 0);
    advance(SignedDuration::from_hours(24));
    assert_eq!(not_begun(&env).await, 1);
    env.change_connection(|it| it.settings.enabled = false)
        .await;
    assert_eq!(not_begun(&env).await, 0);
}

#[tokio::test]
async fn who_switches_the_sync_on_after_two_is_missed_the_night_after() {
    let env = TestEnv::new(10, None).await;
    env.change_connection(|it| it.settings.enabled = false)
        .await;
    let two = now();
    advance(SignedDuration::from_mins(5));
    let id = &env.workspace.workspace_id;
    let mut settings = env.connection().await.settings;
    settings.enabled = true;
    let soon = Instant::now() + Duration::from_secs(20);
    let connections = env.runner().connections;
    let by = testkit::author("usr_admin");
    let saved = connections.save_settings(id, &settings, &by, soon);
    saved.await.unwrap();
    assert_eq!(not_begun_since(&env, two).await, 0);
    assert_eq!(not_begun_since(&env, two + DAY).await, 1);
}

#[tokio::test]
async fn a_run_that_waits_for_one_that_an_admin_started_is_not_missed() {
    let env = TestEnv::new(10, None).await;
    let id = &env.workspace.workspace_id;
    let run_id = env.manual_message().run_id;
    let taken = env
        .store
        .acquire_lease(id, &run_id, 0, now())
        .await
        .unwrap();
    assert!(taken.is_some());
    assert_eq!(not_begun(&env).await, 0);
    advance(SignedDuration::from_mins(30));
    assert_eq!(not_begun(&env).await, 1, "it crashed");
}
