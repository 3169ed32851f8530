//! A deleted user can be restored for 30 days. After that the database contains no trace of them.

use domain::{Credential, Role, User};
use jiff::SignedDuration;
use storage::transaction::UserWrite;
use testkit::{TestEnv, advance, person, retire};

/// Values that belong to this person only.
const TRACES: [&str; 4] = ["社員777", "p777@example.jp", "00777", "000000000777"];

/// Returns an environment of two people, one of whom accepted the invitation, became 担当者, and left.
/// Also returns the user of that person.
async fn departed() -> (TestEnv, User) {
    let env = TestEnv::new(100, None).await;
    let mut people = [person(1), person(777)];
    env.set_crews(&people).await;
    env.nightly_run().await;
    env.deliver_queued_mails().await;
    let mut users = env.users().await;
    users.retain(|user| user.name == "社員777");
    let user = env.accept_invitation(users.remove(0)).await;
    let id = user.user_id.as_str();
    env.change_user(id, |user| user.role = Role::Staff).await;
    let user = env.user(id).await;

    retire(&mut people[1..]);
    env.set_crews(&people).await;
    advance(SignedDuration::from_hours(24));
    assert_eq!(env.nightly_run().await.counts.deleted, 1);
    assert_eq!(env.users().await.len(), 1);
    (env, user)
}

#[tokio::test]
async fn for_30_days_role_groups_and_password_come_back_as_they_were() {
    let (env, user) = departed().await;
    let id = &env.workspace.workspace_id;
    advance(SignedDuration::from_hours(30 * 24 - 1));
    env.expire_items().await;
    let deleted = env.store.deleted_users(id).await.unwrap();
    assert_eq!(deleted.len(), 1);
    let after = User {
        crew_link: None,
        version: user.version + 1,
        ..deleted[0].user.clone()
    };
    env.write(UserWrite::Restore { after }).await.unwrap();
    let stored = env.store.user_with_hashes(id, &user.user_id).await;
    let (restored, hashes) = stored.unwrap().unwrap();
    assert_eq!(hashes.password_hash.as_deref(), Some("argon2id"));
    assert_eq!(
        (restored.role, &restored.groups, restored.credential),
        (Role::Staff, &user.groups, Credential::Password)
    );
    assert_eq!((restored.email, restored.code), (user.email, user.code));

    // The record in SmartHR is still retired, but a run deletes only users who stand for a crew.
    advance(SignedDuration::from_hours(24));
    env.nightly_run().await;
    assert_eq!(env.users().await.len(), 2);
}

#[tokio::test]
async fn after_30_days_nothing_of_the_person_is_left_in_any_table() {
    let (env, user) = departed().await;
    for trace in TRACES {
        let tables = env.tables_with(trace).await;
        assert!(!tables.is_empty(), "{trace} is looked for in vain");
    }
    advance(SignedDuration::from_hours(30 * 24));
    env.expire_items().await;
    let traces = TRACES.into_iter();
    for trace in traces.chain([user.user_id.as_str(), "argon2id"]) {
        assert_eq!(env.tables_with(trace).await, [""; 0], "{trace}");
    }
    let id = &env.workspace.workspace_id;
    let runs = env.store.runs(id, None, 10).await.unwrap();
    assert_eq!(runs.len(), 2, "the history stays");

    // The retired record in SmartHR does not create the user again.
    env.nightly_run().await;
    assert_eq!(env.users().await.len(), 1);
}
