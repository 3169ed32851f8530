//! Protections against removing a large company by mistake.

use connection::DecisionError;
use domain::deletion_answers::MAX_LISTED;
use domain::{Credential, Decision, Role, Run, RunOutcome};
use jiff::SignedDuration;
use serde_json::Value;
use testkit::{TestEnv, advance, person, retire};

/// The number of people in most of the companies.
const COMPANY: u32 = 60;

/// Returns a company of this size, of which the first `retired` are 退職.
fn company(people: u32, retired: usize) -> Vec<Value> {
    let mut people: Vec<Value> = (0..people).map(person).collect();
    retire(&mut people[..retired]);
    people
}

/// Returns an environment of `people` synced users after the first run.
async fn synced(people: u32) -> TestEnv {
    let env = TestEnv::new(people + 10, None).await;
    env.change_connection(|connection| {
        // With SSO the first run writes a third less.
        connection.settings.login_method = domain::LoginMethodSetting::Sso;
    })
    .await;
    let run = night_with(&env, &company(people, 0)).await;
    assert_eq!(run.counts.registered, people);
    env
}

/// Performs a nightly run with these people in SmartHR, and goes on to the next night.
async fn night_with(env: &TestEnv, people: &[Value]) -> Run {
    env.set_crews(people).await;
    let run = env.nightly_run().await;
    advance(SignedDuration::from_hours(24));
    run
}

/// Returns the numbers of deletions that a run held and carried out.
fn held_and_deleted(run: &Run) -> (u32, u32) {
    (run.counts.held, run.counts.deleted)
}

/// Lets an admin decide about the deletions that a run held. Returns the number of people.
async fn decide(env: &TestEnv, held: &Run, decision: Decision) -> Result<usize, DecisionError> {
    let id = &env.workspace.workspace_id;
    let connections = env.runner().connections;
    let by = testkit::author("usr_admin");
    let decided = connections.decide_held_deletions(id, &held.run_id, None, decision, &by);
    decided.await
}

#[tokio::test]
async fn a_source_that_shrinks_removes_nobody_and_says_who_is_no_longer_there() {
    let env = synced(COMPANY).await;
    let users = env.users().await;
    let half = company(COMPANY, 0).split_off(30);
    let others: Vec<Value> = (50_000..50_010).map(person).collect();
    for (people, gone) in [(half, 30), (Vec::new(), COMPANY), (others, COMPANY)] {
        let run = night_with(&env, &people).await;
        assert_eq!((run.counts.deleted, run.counts.out_of_scope), (0, gone));
        let now = env.users().await;
        assert!(users.iter().all(|user| now.contains(user)));
    }
}

#[tokio::test]
async fn more_people_than_one_decision_can_list_retire_at_once() {
    let people = u32::try_from(MAX_LISTED).unwrap() + 10;
    let env = synced(people).await;
    let held = night_with(&env, &company(people, MAX_LISTED + 2)).await;
    assert_eq!(held_and_deleted(&held), (people - 8, 0));
    let allowed = decide(&env, &held, Decision::Allow).await;
    assert_eq!(allowed.unwrap(), MAX_LISTED);
    let rest = env.nightly_run().await;
    assert_eq!(held_and_deleted(&rest), (2, people - 10));
}

#[tokio::test]
async fn half_a_company_that_retires_at_once_stays_until_an_admin_answers() {
    let env = synced(COMPANY).await;
    let half = company(COMPANY, 30);
    let held = night_with(&env, &half).await;
    assert_eq!(held_and_deleted(&held), (30, 0));
    assert_eq!(held.held.len(), 30);
    assert_eq!(env.users().await.len(), COMPANY as usize);

    // Held users are not deleted a few at a time either.
    let fewer = night_with(&env, &company(COMPANY, 3)).await;
    assert_eq!(held_and_deleted(&fewer), (3, 0));

    let held = night_with(&env, &half).await;
    let refused = decide(&env, &held, Decision::Refuse).await;
    assert_eq!(refused.unwrap(), 30);
    let kept = night_with(&env, &half).await;
    assert_eq!(held_and_deleted(&kept), (0, 0));
    assert_eq!(env.users().await.len(), COMPANY as usize);

    // A page opened yesterday no longer decides anything, not even when the people have returned.
    let late = decide(&env, &held, Decision::Allow).await;
    assert!(matches!(late, Err(DecisionError::NothingHeld)));
    night_with(&env, &company(COMPANY, 0)).await;
    let late = decide(&env, &held, Decision::Allow).await;
    assert!(matches!(late, Err(DecisionError::NothingHeld)));

    // The people leave again, which holds their deletions again.
    let held = night_with(&env, &half).await;
    assert_eq!(held_and_deleted(&held), (30, 0));
    let allowed = decide(&env, &held, Decision::Allow).await;
    assert_eq!(allowed.unwrap(), 30);
    let gone = night_with(&env, &half).await;
    assert_eq!(held_and_deleted(&gone), (0, 30));
    assert_eq!(env.users().await.len(), COMPANY as usize - 30);
    assert_eq!(env.seats_and_lease().await.users, COMPANY - 30);
    let id = &env.workspace.workspace_id;
    assert_eq!(env.store.deleted_users(id).await.unwrap().len(), 30);
}

#[tokio::test]
async fn a_fifth_of_a_company_may_retire_in_one_night() {
    let env = synced(COMPANY).await;
    let run = night_with(&env, &company(COMPANY, 12)).await;
    assert_eq!(held_and_deleted(&run), (0, 12));
}

#[tokio::test]
async fn the_last_system_administrator_stays_though_retired() {
    let env = TestEnv::new(100, None).await;
    let role = Role::SystemAdministrator;
    let people = [("usr_one", "p0@example.jp"), ("usr_other", "p1@example.jp")];
    for (id, email) in people {
        let added = env.add_by_hand(id, Some(email), None, Role::Member);
        added.await.unwrap();
    }
    let run = night_with(&env, &company(10, 0)).await;
    assert_eq!((run.counts.updated, run.counts.invited), (2, 8));
    for (id, _) in people {
        env.change_user(id, |user| user.role = role).await;
    }

    for _ in 0..2 {
        let run = night_with(&env, &company(10, 2)).await;
        assert_eq!(run.outcome, RunOutcome::Failure);
        assert_eq!(run.counts.failed, 1);
        let mut log = env.log(run.log_key.as_ref().unwrap());
        log.retain(|line| line.contains("最後のシステム管理者のため、削除できません"));
        assert_eq!(log.len(), 1);
        let mut admins = env.users().await;
        admins.retain(|user| user.role == role);
        assert_eq!(admins.len(), 1);
        assert_eq!(admins[0].credential, Credential::Password);
    }
}
