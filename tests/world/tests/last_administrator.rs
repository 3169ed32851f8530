//! The last システム管理者 stays, also when it becomes the last one while the night is under way.

#![expect(
    clippy::unwrap_used,
    reason = "what cannot be set up or read is a failed test"
)]

use aws::commit::{HashChange, UserWrite};
use directory::{Role, User};
use jiff::SignedDuration;
use serde_json::json;
use sync::Done;
use world::{World, advance, person};

/// A system administrator who is in SmartHR and leaves, and one who is not.
async fn two_administrators() -> (World, User) {
    let world = World::new(100, None).await;
    let mut people = vec![person(1)];
    let role = Role::SystemAdministrator;
    let leaver = world.add_by_hand("usr_leaver", Some("p1@example.jp"), None, role);
    leaver.await.unwrap();
    let other = world.add_by_hand("usr_other", Some("other@example.jp"), None, role);
    let other = other.await.unwrap();
    world.people(&people).await;
    world.night().await;
    people[0]["emp_status"] = json!("retired");
    world.people(&people).await;
    advance(SignedDuration::from_hours(24));
    (world, other)
}

async fn names(world: &World) -> Vec<String> {
    let users = world.users().await.into_iter();
    let mut ids: Vec<_> = users.map(|user| user.user_id.to_string()).collect();
    ids.sort();
    ids
}

#[tokio::test]
async fn a_system_administrator_who_leaves_is_deleted_while_another_one_stays() {
    let (world, _) = two_administrators().await;
    assert_eq!(world.night().await.counts.deleted, 1);
    assert_eq!(names(&world).await, ["usr_other"]);
}

#[tokio::test]
async fn one_who_leaves_stays_when_the_other_one_is_unmade_at_that_moment() {
    let (world, other) = two_administrators().await;
    let message = world.tonight();
    let held = world.tap.hold_operation("TransactWriteItems", 0);
    let unmade = async {
        world.tap.held().await;
        let after = User {
            role: Role::Member,
            version: other.version + 1,
            ..other.clone()
        };
        let before = other.clone();
        let hashes = HashChange::default();
        let unmade = UserWrite::Change {
            before,
            after,
            hashes,
        };
        world.write(unmade).await.unwrap();
        held.release();
    };
    let (done, ()) = tokio::join!(world.run(&message), unmade);
    let Ok(Done::Ended(run)) = done else {
        panic!("{done:?}")
    };
    assert_eq!((run.counts.deleted, run.counts.failed), (0, 1));
    assert_eq!(names(&world).await, ["usr_leaver", "usr_other"]);
}
