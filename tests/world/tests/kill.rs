//! A run may die at any call, before the other side hears of it or before its answer comes. The next
//! delivery of its message finishes it with the same result as an undisturbed one.

#![expect(
    clippy::unwrap_used,
    reason = "what cannot be set up or read is a failed test"
)]

use jiff::SignedDuration;
use sync::Done;
use world::{Death, World, advance};

/// Tonight's run, which dies as planned and is delivered again until it ends.
async fn night_with(world: &World, death: Option<Death>) -> bool {
    let message = world.tonight();
    world.tap.restart(death);
    let died = tokio::select! {
        done = world.run(&message) => {
            assert!(matches!(done, Ok(Done::Ended(_))), "{done:?}");
            false
        }
        () = world.tap.died() => true,
    };
    world.tap.restart(None);
    if died {
        // SQS delivers again when the visibility timeout is over.
        advance(SignedDuration::from_mins(16));
        let done = world.run(&message).await.unwrap();
        assert!(matches!(done, Done::Ended(_) | Done::Before(_)), "{done:?}");
    }
    died
}

/// Lets runs die at one call after the other, until there is none left.
async fn dies_everywhere(death: fn(usize) -> Death) {
    let world = World::second_evening(30).await;
    night_with(&world, None).await;
    let undisturbed = world.end().await;
    assert!(undisturbed.mails.len() > 30, "{:#?}", undisturbed.mails);

    let mut points = 0;
    loop {
        let world = World::second_evening(30).await;
        if !night_with(&world, Some(death(points))).await {
            break;
        }
        assert_eq!(world.end().await, undisturbed, "{:?}", death(points));
        points += 1;
    }
    println!("crash points: {points}, recovered: {points}, lost: 0, mails twice: 0");
    assert!(points > 20, "{points}");
}

#[tokio::test]
async fn a_run_that_dies_before_any_call_is_finished_by_the_next_delivery_with_the_same_result() {
    dies_everywhere(Death::Before).await;
}

#[tokio::test]
async fn a_run_that_dies_before_any_answer_is_finished_by_the_next_delivery_with_the_same_result() {
    dies_everywhere(Death::After).await;
}
