//! The items by which admins are found, in a workspace that an earlier version wrote.

use domain::Role;
use jiff::SignedDuration;
use testkit::users::{active, system_administrator};
use testkit::{CrashPoint, TestEnv, advance, person};

/// Returns an environment of an earlier version, with two admins and a person in SmartHR.
async fn of_an_earlier_version() -> TestEnv {
    let env = TestEnv::new(100, None).await;
    env.add_user(system_administrator("usr_a")).await;
    env.add_user(active("usr_b", Role::Administrator)).await;
    env.add_user(active("usr_c", Role::Staff)).await;
    env.set_crews(&[person(1)]).await;
    env.forget_listed_admins().await;
    env
}

#[tokio::test]
async fn the_first_night_after_an_update_lists_the_admins_and_the_next_one_finds_them_listed() {
    let env = of_an_earlier_version().await;
    env.nightly_run().await;
    env.assert_consistent(&env.users().await).await;
    advance(SignedDuration::from_hours(24));
    env.proxy.restart(None);
    env.nightly_run().await;
    let calls = env.proxy.by_operation();
    let written = calls["DynamoDB_20120810.TransactWriteItems"];
    assert_eq!(written, 1, "the end of the run: {calls:#?}");
}

#[tokio::test]
async fn a_night_that_dies_at_any_call_leaves_every_admin_to_be_found() {
    for point in 0.. {
        let env = of_an_earlier_version().await;
        let id = &env.workspace.workspace_id;
        let message = env.nightly_message();
        let ended = env
            .proxy
            .crash_at(CrashPoint::After(point), env.run(&message))
            .await;
        let found = env.store.admins(id).await.unwrap();
        let found: Vec<&str> = found.iter().map(|user| user.user_id.as_str()).collect();
        assert_eq!(found, ["usr_a", "usr_b"], "died after call {point}");
        if ended.is_some() {
            break;
        }
    }
}
