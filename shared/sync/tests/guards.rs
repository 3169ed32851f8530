//! Protections against removing a large company by mistake.

use std::collections::HashMap;

use connection::DecideHeldDeletionsError;
use domain::guard::MAX_LISTED;
use domain::{Credential, Decision, Role, RunOutcome, User, UserId};
use jiff::SignedDuration;
use serde_json::{Value, json};
use testkit::{TestEnv, advance, person};

const COMPANY: u32 = 2_000;
const LARGE: u32 = 10_000;

fn company(people: u32) -> Vec<Value> {
    (0..people).map(person).collect()
}

/// Returns an environment of `people` linked users after the first run.
async fn linked(people: u32) -> TestEnv {
    let env = TestEnv::new(people + 10, None).await;
    env.change_connection(|link| {
        // With SSO the first run writes a third less.
        link.settings.login_method = domain::LoginMethodSetting::Sso;
    })
    .await;
    env.set_crews(&company(people)).await;
    let run = env.nightly_run().await;
    assert_eq!(run.counts.registered, people);
    advance(SignedDuration::from_hours(24));
    env
}

fn retired(mut people: Vec<Value>, count: usize) -> Vec<Value> {
    for person in &mut people[..count] {
        person["emp_status"] = json!("retired");
    }
    people
}

#[tokio::test]
async fn a_source_that_shrinks_removes_nobody_and_says_who_is_no_longer_there() {
    let env = linked(LARGE).await;
    let users = env.users().await;
    let half = company(LARGE).split_off(5_000);
    let others: Vec<Value> = (50_000..50_010).map(person).collect();
    for (people, gone) in [(half, 5_000), (Vec::new(), LARGE), (others, LARGE)] {
        env.set_crews(&people).await;
        let run = env.nightly_run().await;
        assert_eq!((run.counts.deleted, run.counts.out_of_scope), (0, gone));
        let now: HashMap<UserId, User> = by_id(env.users().await);
        let stays = |user: &User| now.get(&user.user_id) == Some(user);
        assert!(users.iter().all(stays));
        advance(SignedDuration::from_hours(24));
    }

    // Half of the people retire at once: more than one decision can list.
    env.set_crews(&retired(company(LARGE), 5_000)).await;
    let held = env.nightly_run().await;
    assert_eq!((held.counts.held, held.counts.deleted), (5_000, 0));
    let id = &env.workspace.workspace_id;
    let connections = env.runner().connections;
    let allowed = connections.decide_held_deletions(id, &held.run_id, Decision::Allow);
    assert_eq!(allowed.await.unwrap(), MAX_LISTED);
    advance(SignedDuration::from_hours(24));
    let rest = env.nightly_run().await;
    assert_eq!((rest.counts.held, rest.counts.deleted), (2_000, 3_000));
}

fn by_id(users: Vec<User>) -> HashMap<UserId, User> {
    let by_id = users.into_iter().map(|user| (user.user_id.clone(), user));
    by_id.collect()
}

#[tokio::test]
async fn half_a_company_that_retires_at_once_stays_until_an_admin_answers() {
    let env = linked(COMPANY).await;
    let id = &env.workspace.workspace_id;
    env.set_crews(&retired(company(COMPANY), 1_000)).await;
    let held = env.nightly_run().await;
    assert_eq!((held.counts.held, held.counts.deleted), (1_000, 0));
    assert_eq!(held.held.len(), 1_000);
    assert_eq!(env.users().await.len(), COMPANY as usize);

    // Held users are not deleted a few at a time either.
    advance(SignedDuration::from_hours(24));
    env.set_crews(&retired(company(COMPANY), 3)).await;
    let fewer = env.nightly_run().await;
    assert_eq!((fewer.counts.held, fewer.counts.deleted), (3, 0));

    advance(SignedDuration::from_hours(24));
    env.set_crews(&retired(company(COMPANY), 1_000)).await;
    let held = env.nightly_run().await;
    let connections = env.runner().connections;
    let refused = connections.decide_held_deletions(id, &held.run_id, Decision::Refuse);
    assert_eq!(refused.await.unwrap(), 1_000);
    advance(SignedDuration::from_hours(24));
    let kept = env.nightly_run().await;
    assert_eq!((kept.counts.held, kept.counts.deleted), (0, 0));
    assert_eq!(env.users().await.len(), COMPANY as usize);

    // A page opened yesterday no longer decides anything.
    let late = connections.decide_held_deletions(id, &held.run_id, Decision::Allow);
    assert!(matches!(
        late.await,
        Err(DecideHeldDeletionsError::NothingHeld)
    ));

    // The people return and leave again, which holds their deletions again.
    advance(SignedDuration::from_hours(24));
    env.set_crews(&company(COMPANY)).await;
    env.nightly_run().await;
    let late = connections.decide_held_deletions(id, &held.run_id, Decision::Allow);
    assert!(matches!(
        late.await,
        Err(DecideHeldDeletionsError::NothingHeld)
    ));
    advance(SignedDuration::from_hours(24));
    env.set_crews(&retired(company(COMPANY), 1_000)).await;
    let held = env.nightly_run().await;
    assert_eq!((held.counts.held, held.counts.deleted), (1_000, 0));
    let allowed = connections.decide_held_deletions(id, &held.run_id, Decision::Allow);
    assert_eq!(allowed.await.unwrap(), 1_000);
    advance(SignedDuration::from_hours(24));
    let gone = env.nightly_run().await;
    assert_eq!((gone.counts.held, gone.counts.deleted), (0, 1_000));
    assert_eq!(env.users().await.len(), COMPANY as usize - 1_000);
    assert_eq!(
        env.store.seats_and_lease(id).await.unwrap().users,
        COMPANY - 1_000
    );
    assert_eq!(env.store.deleted_users(id).await.unwrap().len(), 1_000);
}

#[tokio::test]
async fn a_fifth_of_a_company_may_retire_in_one_night() {
    let env = linked(COMPANY).await;
    env.set_crews(&retired(company(COMPANY), 400)).await;
    let run = env.nightly_run().await;
    assert_eq!((run.counts.held, run.counts.deleted), (0, 400));
}

#[tokio::test]
async fn the_last_system_administrator_stays_though_retired() {
    let env = TestEnv::new(100, None).await;
    let role = Role::SystemAdministrator;
    for (id, email) in [("usr_one", "p0@example.jp"), ("usr_other", "p1@example.jp")] {
        env.add_by_hand(id, Some(email), None, role).await.unwrap();
    }
    let people: Vec<Value> = (0..10).map(person).collect();
    env.set_crews(&people).await;
    let run = env.nightly_run().await;
    assert_eq!((run.counts.updated, run.counts.invited), (2, 8));

    advance(SignedDuration::from_hours(24));
    env.set_crews(&retired(people, 2)).await;
    for _ in 0..2 {
        let run = env.nightly_run().await;
        assert_eq!(run.outcome, RunOutcome::Failure);
        assert_eq!(run.counts.failed, 1);
        let log = env.log(run.log_key.as_ref().unwrap());
        let told = |line: &String| line.contains("最後のシステム管理者のため、削除できません");
        assert_eq!(log.iter().filter(|line| told(line)).count(), 1);
        let users = env.users().await;
        let admins: Vec<_> = users.iter().filter(|user| user.role == role).collect();
        assert_eq!(admins.len(), 1);
        assert_eq!(admins[0].credential, Credential::Password);
        advance(SignedDuration::from_hours(24));
    }
}
