//! Rounds of the watch through a world in which something was lost.

use jiff::SignedDuration;
use world::{World, advance, now, person};

use crate::watch::{Found, Round, Watch};

fn watch(world: &World) -> Watch {
    Watch {
        store: world.store.clone(),
        queues: world.runner().queues,
        clock: now,
    }
}

/// The round of half past two, when the night began now.
async fn not_begun(world: &World) -> u32 {
    let scheduled_at = now() + SignedDuration::from_mins(30);
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
