//! Whom the deletion guard held waits for an admin, however large the company has become by the time
//! the run plans again.

use jiff::SignedDuration;
use std::time::Duration;
use sync::Done;
use world::{Mishap, World, advance, person};

/// Tonight six of 25 leave, which is more than a fifth; once the 40 who join are there, it is less.
async fn evening() -> World {
    let world = World::new(200, None).await;
    let mut people: Vec<_> = (0..25).map(person).collect();
    world.people(&people).await;
    world.night().await;
    world.deliver_mails().await;
    world.drop_messages();
    for leaver in &mut people[..6] {
        leaver["emp_status"] = serde_json::json!("retired");
    }
    people.extend((100..140).map(person));
    world.people(&people).await;
    advance(SignedDuration::from_hours(24));
    world.tap.restart(None);
    world
}

async fn six_are_held(world: &World, done: Done) {
    let Done::Ended(run) = done else {
        panic!("{done:?}")
    };
    assert_eq!((run.counts.held, run.counts.deleted), (6, 0), "{run:?}");
    assert_eq!(run.held.len(), 6);
    assert_eq!(world.users().await.len(), 65);
}

#[tokio::test]
async fn a_run_that_plans_again_in_a_larger_company_deletes_nobody_whom_it_held() {
    let world = evening().await;
    // The second step meets transactions in its way until the run plans again.
    let conflict = Mishap::TransactionConflict;
    world.tap.order("TransactWriteItems", 1, 6, conflict);
    let done = world.run(&world.tonight()).await.unwrap();
    six_are_held(&world, done).await;
}

#[tokio::test]
async fn a_run_that_died_in_a_company_it_had_made_larger_deletes_nobody_whom_it_held() {
    let world = evening().await;
    let message = world.tonight();
    let _held = world.tap.hold_operation("TransactWriteItems", 1);
    tokio::select! {
        done = world.run(&message) => panic!("{done:?}"),
        () = world.tap.held() => {}
    }
    assert!(world.users().await.len() > 45, "the first step is written");
    advance(SignedDuration::from_mins(16));
    let done = world.run(&message).await.unwrap();
    six_are_held(&world, done).await;
}

#[tokio::test]
async fn a_run_that_goes_on_in_a_further_invocation_deletes_nobody_whom_it_held() {
    let world = evening().await;
    let work = Duration::from_secs(3);
    world
        .tap
        .order("TransactWriteItems", 0, 1, Mishap::Slow(work));
    let done = world.run_for(&world.tonight(), work).await.unwrap();
    assert!(matches!(done, Done::Continues), "{done:?}");
    let users = world.users().await.len();
    assert!((46..65).contains(&users), "{users}");
    let next = world.asked_runs();
    let done = world.run(&next[0]).await.unwrap();
    six_are_held(&world, done).await;
}
