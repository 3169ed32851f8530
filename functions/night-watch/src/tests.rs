//! Rounds of the watch through a world in which something was lost.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;
use world::{World, advance, now, person};

use crate::watch::{Found, Round, Watch};

const DAY: SignedDuration = SignedDuration::from_hours(24);

fn watch(world: &World) -> Watch {
    Watch {
        store: world.store.clone(),
        queues: world.runner().queues,
        clock: now,
    }
}

/// The round of half past two, when the night began now.
async fn not_begun(world: &World) -> u32 {
    not_begun_since(world, now()).await
}

/// The round of half past two, when the night began at `two`.
async fn not_begun_since(world: &World, two: Timestamp) -> u32 {
    let scheduled_at = two + SignedDuration::from_mins(30);
    let round = Round::Night { scheduled_at };
    match watch(world).go(round).await.unwrap() {
        Found::Night { not_begun } => not_begun,
        other @ Found::Mails { .. } => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_run_that_has_not_begun_by_half_past_two_is_found() {
    let world = World::new(10, None).await;
    world.people(&[person(1)]).await;
    assert_eq!(not_begun(&world).await, 1);
    world.night().await;
    assert_eq!(not_begun(&world).await, 0);
    advance(SignedDuration::from_hours(24));
    assert_eq!(
        not_begun(&world).await,
        1,
        "last night's run is not tonight's"
    );
}

#[tokio::test]
async fn who_is_switched_off_or_was_linked_later_in_the_night_is_not_missed() {
    let world = World::new(10, None).await;
    let linked_later = now() + SignedDuration::from_mins(1);
    world
        .change_integration(|link| link.linked_at = linked_later)
        .await;
    assert_eq!(not_begun(&world).await, 0);
    advance(SignedDuration::from_hours(24));
    assert_eq!(not_begun(&world).await, 1);
    world
        .change_integration(|link| link.settings.enabled = false)
        .await;
    assert_eq!(not_begun(&world).await, 0);
}

#[tokio::test]
async fn who_switches_the_sync_on_after_two_is_missed_the_night_after() {
    let world = World::new(10, None).await;
    world
        .change_integration(|link| link.settings.enabled = false)
        .await;
    let two = now();
    advance(SignedDuration::from_mins(5));
    let id = &world.workspace.workspace_id;
    let mut settings = world.integration().await.settings;
    settings.enabled = true;
    let soon = Instant::now() + Duration::from_secs(20);
    let integrations = world.runner().integrations;
    let saved = integrations.save_settings(id, &settings, soon);
    saved.await.unwrap();
    assert_eq!(not_begun_since(&world, two).await, 0);
    assert_eq!(not_begun_since(&world, two + DAY).await, 1);
}

#[tokio::test]
async fn a_run_that_waits_for_one_that_an_admin_started_is_not_missed() {
    let world = World::new(10, None).await;
    let id = &world.workspace.workspace_id;
    let run_id = world.by_hand().run_id;
    let taken = world.store.take_lease(id, &run_id, 0, now()).await.unwrap();
    assert!(taken.is_some());
    assert_eq!(not_begun(&world).await, 0);
    advance(SignedDuration::from_mins(30));
    assert_eq!(not_begun(&world).await, 1, "it died");
}

/// An invitation was written into the outbox, and what asks for its delivery was lost.
async fn with_a_lost_message() -> World {
    let world = World::new(10, None).await;
    world.people(&[person(1)]).await;
    world.night().await;
    world.drop_messages();
    world
}

#[tokio::test]
async fn a_mail_whose_message_was_lost_is_asked_for_again_and_arrives() {
    let world = with_a_lost_message().await;
    advance(SignedDuration::from_mins(16));
    let found = watch(&world).go(Round::Mails {}).await.unwrap();
    assert_eq!(
        found,
        Found::Mails {
            waiting: 1,
            asked_again: 1,
            oldest_seconds: 16 * 60,
        }
    );
    let message = world.next_mail().unwrap();
    world.deliver(&message).await.unwrap();
    assert_eq!(world.services.mails().len(), 1);
    let found = watch(&world).go(Round::Mails {}).await.unwrap();
    assert_eq!(
        found,
        Found::Mails {
            waiting: 0,
            asked_again: 0,
            oldest_seconds: 0,
        }
    );
}

#[tokio::test]
async fn a_mail_that_was_just_written_is_left_to_its_own_message() {
    let world = with_a_lost_message().await;
    advance(SignedDuration::from_mins(14));
    let found = watch(&world).go(Round::Mails {}).await.unwrap();
    assert!(
        matches!(found, Found::Mails { asked_again: 0, .. }),
        "{found:?}"
    );
    assert!(world.next_mail().is_none());
}
