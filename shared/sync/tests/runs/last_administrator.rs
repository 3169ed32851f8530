//! The last システム管理者 stays, even one who becomes the last during the run.

use domain::Role;
use jiff::SignedDuration;
use testkit::{TestEnv, advance, ended, person, retire};

/// Returns an environment of two system administrators: one who leaves according to SmartHR, and
/// one who is not in SmartHR.
async fn two_administrators() -> TestEnv {
    let env = TestEnv::new(100, None).await;
    for (id, email) in [
        ("usr_leaver", "p1@example.jp"),
        ("usr_other", "o@example.jp"),
    ] {
        let added = env.add_by_hand(id, Some(email), None, Role::Member);
        added.await.unwrap();
    }
    let mut people = [person(1)];
    env.set_crews(&people).await;
    env.nightly_run().await;
    for id in ["usr_leaver", "usr_other"] {
        let promote = |user: &mut domain::User| user.role = Role::SystemAdministrator;
        env.change_user(id, promote).await;
    }
    retire(&mut people);
    env.set_crews(&people).await;
    advance(SignedDuration::from_hours(24));
    env
}

async fn user_ids(env: &TestEnv) -> Vec<String> {
    let users = env.users().await.into_iter();
    let mut ids: Vec<_> = users.map(|user| user.user_id.to_string()).collect();
    ids.sort();
    ids
}

#[tokio::test]
async fn a_system_administrator_who_leaves_is_deleted_while_another_one_stays() {
    let env = two_administrators().await;
    assert_eq!(env.nightly_run().await.counts.deleted, 1);
    assert_eq!(user_ids(&env).await, ["usr_other"]);
}

#[tokio::test]
async fn one_who_leaves_stays_when_the_other_one_loses_the_role_at_that_moment() {
    let env = two_administrators().await;
    let message = env.nightly_message();
    let held = env.proxy.hold_operation("TransactWriteItems", 0);
    let mut run = Box::pin(env.run(&message));
    env.proxy.until_held(&mut run).await;
    let demote = |user: &mut domain::User| user.role = Role::Member;
    env.change_user("usr_other", demote).await;
    held.release();
    let counts = ended(run.await).counts;
    assert_eq!((counts.deleted, counts.failed), (0, 1));
    assert_eq!(user_ids(&env).await, ["usr_leaver", "usr_other"]);
}
