//! People whom SmartHR reported as changed: once each, and none of them lost.

#![expect(
    clippy::unwrap_used,
    reason = "a database that does not answer is a failed test"
)]

#[expect(dead_code, reason = "the other test programs use the rest")]
mod database;

use std::collections::BTreeSet;
use std::sync::LazyLock;

use database::{now, store, workspace};
use domain::{ChangedCrews, CrewId, MOST_CREWS_IN_BATCH, RunId, WorkspaceId};
use jiff::{SignedDuration, Timestamp};
use storage::{Store, StoreError};

static ID: LazyLock<WorkspaceId> = LazyLock::new(workspace);

fn crews(ids: impl IntoIterator<Item = usize>) -> Vec<CrewId> {
    let ids = ids.into_iter();
    ids.map(|id| CrewId::new(format!("crew-{id}"))).collect()
}

fn set(ids: impl IntoIterator<Item = usize>) -> BTreeSet<CrewId> {
    crews(ids).into_iter().collect()
}

fn seconds_later(seconds: i64) -> Timestamp {
    now() + SignedDuration::from_secs(seconds)
}

async fn report(
    store: &Store,
    ids: impl IntoIterator<Item = usize>,
    at: Timestamp,
) -> ChangedCrews {
    let crews = crews(ids);
    let reported = store.report_changed_crews(&ID, &crews, false, at);
    reported.await.unwrap()
}

async fn read(store: &Store) -> ChangedCrews {
    store.changed_crews(&ID).await.unwrap()
}

#[tokio::test]
async fn who_is_reported_twice_is_looked_at_once_and_the_first_report_counts() {
    let store = store().await;
    assert!(read(&store).await.is_nothing(now()));
    report(&store, [1], now()).await;
    let reported = report(&store, [2, 1], seconds_later(5)).await;
    assert_eq!(reported.crews, set([1, 2]));
    assert_eq!(reported.first_at, Some(now()));
    assert_eq!(reported.last_at, Some(seconds_later(5)));
    assert_eq!(reported, read(&store).await);
    let other = WorkspaceId::new("ws_2");
    let other = store.changed_crews(&other).await;
    assert!(other.unwrap().is_nothing(now()));
}

#[tokio::test]
async fn more_people_than_are_read_by_themselves_become_everybody() {
    let store = store().await;
    report(&store, 0..MOST_CREWS_IN_BATCH, now()).await;
    let same = report(&store, [7], now()).await;
    assert_eq!(same.crews.len(), MOST_CREWS_IN_BATCH);
    assert!(!same.needs_full_run(now()));
    let full = report(&store, [MOST_CREWS_IN_BATCH], now()).await;
    assert!(full.everybody && full.crews.is_empty());
    let later = report(&store, [1], now()).await;
    assert!(later.everybody && later.crews.is_empty());
}

#[tokio::test]
async fn an_import_concerns_everybody() {
    let store = store().await;
    let imported = store.report_changed_crews(&ID, &[], true, now());
    assert!(imported.await.unwrap().needs_full_run(now()));
    let many = report(&store, 0..=MOST_CREWS_IN_BATCH, now()).await;
    assert!(many.needs_full_run(now()));
}

#[tokio::test]
async fn one_message_is_sent_for_many_reports_and_another_when_it_is_long_overdue() {
    let store = store().await;
    let first = report(&store, [1], now()).await;
    assert!(first.needs_message(now()));
    let due = seconds_later(30);
    let announced = store.note_changes_announced(&ID, &first, due);
    announced.await.unwrap();
    let second = report(&store, [2], seconds_later(1)).await;
    assert!(!second.needs_message(seconds_later(1)));
    assert!(second.needs_message(due + SignedDuration::from_mins(5)));
}

#[tokio::test]
async fn a_report_after_a_batch_was_taken_needs_a_message_of_its_own() {
    let store = store().await;
    let first = report(&store, [1], now()).await;
    let taken = store.take_changed_crews(&ID, &first, now()).await;
    assert_eq!(taken.unwrap(), set([1]));
    // The receiver notes its message only now.
    let late = store.note_changes_announced(&ID, &first, now());
    late.await.unwrap();
    let second = report(&store, [2], now()).await;
    assert!(second.needs_message(now()));
    assert_eq!(second.first_at, Some(now()));
}

#[tokio::test]
async fn what_a_killed_batch_had_taken_is_taken_again_and_released_once_it_is_done() {
    let store = store().await;
    let first = report(&store, [1, 2], now()).await;
    let taken = store.take_changed_crews(&ID, &first, now()).await;
    taken.unwrap();
    report(&store, [2, 3], seconds_later(60)).await;
    let changed = read(&store).await;
    let again = store.take_changed_crews(&ID, &changed, seconds_later(60));
    let again = again.await.unwrap();
    assert_eq!(again, set([1, 2, 3]));
    let changed = read(&store).await;
    assert_eq!((&changed.taken, changed.taken_at), (&again, Some(now())));
    let released = store.release_taken_crews(&ID, &again).await;
    released.unwrap();
    assert!(read(&store).await.is_nothing(now()));
}

#[tokio::test]
async fn a_report_that_comes_while_a_batch_is_taken_is_not_lost() {
    let store = store().await;
    let read_before = report(&store, [1], now()).await;
    report(&store, [2], now()).await;
    let taken = store.take_changed_crews(&ID, &read_before, now());
    assert!(matches!(taken.await, Err(StoreError::Conflict(_))));
    let run_id = RunId::new("run");
    let taken = store.take_for_full_run(&ID, &read_before, &run_id, now());
    assert!(matches!(taken.await, Err(StoreError::Conflict(_))));
    assert_eq!(read(&store).await.crews, set([1, 2]));
}

#[tokio::test]
async fn a_thousand_people_an_hour_are_read_by_themselves_and_then_everybody() {
    let store = store().await;
    for batch in 0..20 {
        let reported = report(&store, batch * 50..batch * 50 + 50, now()).await;
        assert!(!reported.needs_full_run(now()));
        let taken = store.take_changed_crews(&ID, &reported, now());
        let taken = taken.await.unwrap();
        let released = store.release_taken_crews(&ID, &taken);
        released.await.unwrap();
    }
    let reported = report(&store, [1], now()).await;
    assert!(reported.needs_full_run(seconds_later(3_599)));
    assert!(!reported.needs_full_run(seconds_later(3_600)));
}

#[tokio::test]
async fn a_full_run_begins_when_reports_are_quiet_and_once_an_hour() {
    let store = store().await;
    report(&store, 0..=MOST_CREWS_IN_BATCH, now()).await;
    let reported = report(&store, [1], seconds_later(100)).await;
    let due = reported.full_run_due(seconds_later(100));
    assert_eq!(due, seconds_later(160));
    let reported = report(&store, [1], seconds_later(890)).await;
    let due = reported.full_run_due(seconds_later(890));
    assert_eq!(
        due,
        seconds_later(900),
        "a quarter of an hour after the first"
    );
    let run_id = RunId::new("full");
    let taken = store.take_for_full_run(&ID, &reported, &run_id, due);
    taken.await.unwrap();
    let done = read(&store).await;
    assert!(done.is_nothing(now()));
    assert_eq!(done.full_run, Some(run_id));
    let next = report(&store, 0..=MOST_CREWS_IN_BATCH, seconds_later(1_000)).await;
    assert_eq!(
        next.full_run_due(seconds_later(1_000)),
        seconds_later(4_500)
    );
}

#[tokio::test]
async fn who_is_put_off_is_looked_at_again_when_it_is_time_and_one_message_asks_for_it() {
    let store = store().await;
    let put_off = async |id, until| {
        let crews = crews([id]);
        let put_off = store.put_off_changed_crews(&ID, &crews, until, now());
        put_off.await.unwrap()
    };
    report(&store, [9], now()).await;
    assert!(put_off(1, seconds_later(600)).await);
    assert!(
        !put_off(2, seconds_later(900)).await,
        "they are looked at before"
    );
    assert!(put_off(3, seconds_later(300)).await);
    let changed = read(&store).await;
    let taken = store.take_changed_crews(&ID, &changed, now()).await;
    let taken = taken.unwrap();
    assert_eq!(taken, set([9]));
    let released = store.release_taken_crews(&ID, &taken).await;
    released.unwrap();
    let changed = read(&store).await;
    assert!(changed.is_nothing(seconds_later(299)));
    assert!(!changed.is_nothing(seconds_later(300)));
    let taken = store.take_changed_crews(&ID, &changed, seconds_later(300));
    assert_eq!(taken.await.unwrap(), set([1, 2, 3]));
}

#[tokio::test]
async fn what_was_reported_while_the_sync_is_off_is_forgotten() {
    let store = store().await;
    let forgotten = store.forget_changed_crews(&ID);
    forgotten.await.unwrap();
    report(&store, [1], now()).await;
    let forgotten = store.forget_changed_crews(&ID);
    forgotten.await.unwrap();
    assert!(read(&store).await.is_nothing(now()));
    assert!(report(&store, [1], now()).await.needs_message(now()));
}
