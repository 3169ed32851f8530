//! The last システム管理者 stays, even one who becomes the last during the run.

#![expect(
    clippy::unwrap_used,
    reason = "what cannot be set up or read is a failed test"
)]

use domain::{Role, User};
use jiff::SignedDuration;
use serde_json::json;
use storage::transaction::{CredentialHashChanges, UserWrite};
use sync::InvocationOutcome;
use testkit::{TestEnv, advance, person};

/// Returns an environment of two system administrators: one who leaves according to SmartHR, and
/// one who is not in SmartHR. Also returns the latter.
async fn two_administrators() -> (TestEnv, User) {
    let env = TestEnv::new(100, None).await;
    let mut people = vec![person(1)];
    let role = Role::SystemAdministrator;
    let leaver = env.add_by_hand("usr_leaver", Some("p1@example.jp"), None, role);
    leaver.await.unwrap();
    let other = env.add_by_hand("usr_other", Some("other@example.jp"), None, role);
    let other = other.await.unwrap();
    env.set_crews(&people).await;
    env.nightly_run().await;
    people[0]["emp_status"] = json!("retired");
    env.set_crews(&people).await;
    advance(SignedDuration::from_hours(24));
    (env, other)
}

async fn names(env: &TestEnv) -> Vec<String> {
    let users = env.users().await.into_iter();
    let mut ids: Vec<_> = users.map(|user| user.user_id.to_string()).collect();
    ids.sort();
    ids
}

#[tokio::test]
async fn a_system_administrator_who_leaves_is_deleted_while_another_one_stays() {
    let (env, _) = two_administrators().await;
    assert_eq!(env.nightly_run().await.counts.deleted, 1);
    assert_eq!(names(&env).await, ["usr_other"]);
}

#[tokio::test]
async fn one_who_leaves_stays_when_the_other_one_is_unmade_at_that_moment() {
    let (env, other) = two_administrators().await;
    let message = env.nightly_message();
    let held = env.proxy.hold_operation("TransactWriteItems", 0);
    let unmade = async {
        env.proxy.held().await;
        let after = User {
            role: Role::Member,
            version: other.version + 1,
            ..other.clone()
        };
        let before = other.clone();
        let hashes = CredentialHashChanges::default();
        let unmade = UserWrite::Change {
            before,
            after,
            hashes,
        };
        env.write(unmade).await.unwrap();
        held.release();
    };
    let (done, ()) = tokio::join!(env.run(&message), unmade);
    let Ok(InvocationOutcome::Ended(run)) = done else {
        panic!("{done:?}")
    };
    assert_eq!((run.counts.deleted, run.counts.failed), (0, 1));
    assert_eq!(names(&env).await, ["usr_leaver", "usr_other"]);
}
