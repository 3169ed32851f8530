//! However many invocations there are at once, each step is written once, by whoever holds the lease.

#![expect(
    clippy::unwrap_used,
    reason = "what cannot be set up or read is a failed test"
)]

use std::time::Duration;

use aws::runs::RunOutcome;
use directory::{Role, RunFailure};
use jiff::SignedDuration;
use sync::Done;
use tokio::sync::OnceCell;
use world::{Death, End, World, advance, code_only, person};

/// How an undisturbed night ends, which is looked up once.
async fn undisturbed() -> &'static End {
    static END: OnceCell<End> = OnceCell::const_new();
    END.get_or_init(|| async {
        let world = World::second_evening(30).await;
        world.night().await;
        world.end().await
    })
    .await
}

#[tokio::test]
async fn of_two_invocations_of_one_run_at_once_one_does_it_and_the_other_waits() {
    let undisturbed = undisturbed().await;
    let world = World::second_evening(30).await;
    world.tap.delay(Duration::from_millis(2));
    let message = world.tonight();
    let (one, other) = tokio::join!(world.run(&message), world.run(&message));
    let done = [one.unwrap(), other.unwrap()];
    assert!(done.iter().any(|it| matches!(it, Done::Ended(_))));
    assert!(done.iter().any(|it| matches!(it, Done::Waits)));
    assert_eq!(&world.end().await, undisturbed);

    // The one that waited comes back in a minute.
    advance(SignedDuration::from_mins(1));
    let done = world.run(&message).await.unwrap();
    assert!(matches!(done, Done::Before(_)), "{done:?}");
}

#[tokio::test]
async fn a_run_by_hand_during_the_night_waits_and_then_finds_nothing_to_do() {
    let undisturbed = undisturbed().await;
    let world = World::second_evening(30).await;
    world.tap.delay(Duration::from_millis(2));
    let (night, by_hand) = (world.tonight(), world.by_hand());
    let begun_first = async {
        tokio::time::sleep(Duration::from_millis(20)).await;
        world.run(&by_hand).await
    };
    let (first, second) = tokio::join!(world.run(&night), begun_first);
    assert!(matches!(first, Ok(Done::Ended(_))), "{first:?}");
    assert!(matches!(second, Ok(Done::Waits)), "{second:?}");
    assert_eq!(&world.end().await, undisturbed);

    let done = world.run(&by_hand).await.unwrap();
    let Done::Ended(run) = done else {
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
    assert_eq!(world.end().await.users, undisturbed.users);
}

#[tokio::test]
async fn a_message_delivered_again_after_the_end_changes_nothing() {
    let world = World::second_evening(30).await;
    let message = world.tonight();
    world.run(&message).await.unwrap();
    let end = world.end().await;
    let users = world.users().await;
    for _ in 0..2 {
        let done = world.run(&message).await.unwrap();
        assert!(matches!(done, Done::Before(_)), "{done:?}");
        assert_eq!(world.users().await, users);
        assert_eq!(world.end().await, end);
        let gate = world.store.gate(&world.workspace.workspace_id).await;
        assert_eq!(gate.unwrap().unended, []);
    }
}

#[tokio::test]
async fn a_holder_that_wakes_up_after_its_lease_ended_writes_nothing_wherever_it_slept() {
    let undisturbed = undisturbed().await;
    let mut call = 0;
    loop {
        let world = World::second_evening(30).await;
        let message = world.tonight();
        let held = world.tap.hold(Death::Before(call));
        let mut sleeper = Box::pin(world.run(&message));
        let slept = tokio::select! {
            done = &mut sleeper => { assert!(matches!(done, Ok(Done::Ended(_)))); false }
            () = world.tap.held() => true,
        };
        if !slept {
            break;
        }
        advance(SignedDuration::from_mins(2));
        let done = world.run(&message).await.unwrap();
        assert!(matches!(done, Done::Ended(_) | Done::Before(_)), "{done:?}");
        held.release();
        let woken = sleeper.await;
        assert!(
            matches!(woken, Ok(Done::Waits | Done::Before(_) | Done::Ended(_))),
            "call {call}: {woken:?}"
        );
        assert_eq!(&world.end().await, undisturbed, "call {call}");
        call += 1;
    }
    assert!(call > 20, "{call}");
}

#[tokio::test]
async fn a_holder_that_wakes_up_late_does_not_write_its_log_over_the_one_of_the_run() {
    let world = World::second_evening(30).await;
    let message = world.tonight();
    let held = world.tap.hold_operation("PUT /logs", 0);
    let mut sleeper = Box::pin(world.run(&message));
    tokio::select! {
        done = &mut sleeper => panic!("{done:?}"),
        () = world.tap.held() => {}
    }
    advance(SignedDuration::from_mins(2));
    let mut people = world::second_night(30);
    people.push(person(500));
    world.people(&people).await;
    world.run(&message).await.unwrap();
    held.release();
    sleeper.await.unwrap();
    let run = &world
        .store
        .runs(&world.workspace.workspace_id, None, 1)
        .await
        .unwrap()[0];
    let log = world.log(run.log_key.as_ref().unwrap());
    assert!(log.iter().any(|line| line.contains("社員500")), "{log:#?}");
}

/// Eighteen people, less three who leave, and 36 who join: for nine of them there is no seat.
async fn too_few_seats() -> World {
    let mut world = World::second_evening(30).await;
    world.workspace.seats = 42;
    world.store.put_workspace(&world.workspace).await.unwrap();
    world
}

#[tokio::test]
async fn an_admin_who_takes_a_seat_and_an_address_while_a_run_writes_keeps_both() {
    for transaction in 0..4 {
        let world = too_few_seats().await;
        let held = world.tap.hold_operation("TransactWriteItems", transaction);
        let message = world.tonight();
        let mut run = Box::pin(world.run(&message));
        tokio::select! {
            done = &mut run => panic!("{done:?}"),
            () = world.tap.held() => {}
        }
        let email = Some("p45@example.jp");
        let added = world.add_by_hand("usr_hand", email, None, Role::Staff);
        let added = added.await.unwrap();
        held.release();
        let done = run.await;
        assert!(matches!(done, Ok(Done::Ended(_))), "{done:?}");
        let users = world.users().await;
        assert_eq!(users.len(), 42);
        // Whoever plans anew takes the user for the person in SmartHR, and links it.
        let kept = users.iter().find(|user| user.user_id == added.user_id);
        let kept = kept.unwrap();
        assert_eq!((&kept.email, kept.role), (&added.email, Role::Staff));
        assert_eq!(world.end().await.seats, 42);
    }
}

/// A world whose first night registered people by code, and died before its end, never to be heard
/// of again.
async fn abandoned() -> (World, aws::queues::RunMessage) {
    let world = World::new(100, None).await;
    let mut people: Vec<_> = (0..3).map(person).collect();
    people.extend((10..13).map(code_only));
    world.people(&people).await;

    let message = world.tonight();
    let _held = world.tap.hold_operation("PUT /logs", 0);
    tokio::select! {
        done = world.run(&message) => panic!("{done:?}"),
        () = world.tap.held() => {}
    }
    assert_eq!(world.users().await.len(), 6);
    world.drop_messages();
    advance(SignedDuration::from_hours(24));
    (world, message)
}

async fn is_told_and_ended(world: &World, lost: &aws::queues::RunMessage) {
    let id = &world.workspace.workspace_id;
    let run = world.store.run(id, &lost.run_id, lost.mode).await;
    let run = run.unwrap().unwrap();
    assert_eq!(run.outcome, RunOutcome::Failure);
    assert_eq!(run.failure, Some(RunFailure::Internal));
    assert_eq!((run.counts.invited, run.counts.registered), (3, 3));
    assert!(run.password_seed.is_some(), "the CSV is still owed");
    let mails = world.end().await.mails;
    let csvs: usize = mails
        .iter()
        .filter(|(mail, _)| mail.starts_with("initial-passwords"))
        .map(|(_, count)| count)
        .sum();
    assert_eq!(csvs, 1, "{mails:#?}");
}

#[tokio::test]
async fn a_run_that_never_comes_back_is_ended_by_the_next_night_and_its_passwords_are_sent() {
    let (world, lost) = abandoned().await;
    let tonight = world.night().await;
    assert_eq!(tonight.outcome, RunOutcome::Success);
    assert_eq!(tonight.counts.unchanged, 6);
    is_told_and_ended(&world, &lost).await;

    let done = world.run(&lost).await.unwrap();
    assert!(matches!(done, Done::Before(_)), "{done:?}");
}

#[tokio::test]
async fn a_lost_run_is_ended_even_when_the_next_night_dies_as_well() {
    let mut call = 0;
    loop {
        let mut reached = false;
        for death in [Death::Before(call), Death::After(call)] {
            let (world, lost) = abandoned().await;
            let tonight = world.tonight();
            world.tap.restart(Some(death));
            let died = tokio::select! {
                done = world.run(&tonight) => {
                    assert!(matches!(done, Ok(Done::Ended(_))), "{done:?}");
                    false
                }
                () = world.tap.died() => true,
            };
            world.tap.restart(None);
            if died {
                reached = true;
                advance(SignedDuration::from_mins(16));
                world.run(&tonight).await.unwrap();
            }
            is_told_and_ended(&world, &lost).await;
        }
        if !reached {
            break;
        }
        call += 1;
    }
    assert!(call > 10, "{call}");
}
