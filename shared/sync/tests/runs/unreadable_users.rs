//! A user whose record this version cannot read, as after a roll-back: that person fails as our own mistake, and
//! everybody else is synced, with deletions held.

use domain::{Run, User};
use jiff::SignedDuration;
use serde_json::json;
use testkit::users::system_administrator;
use testkit::{TestEnv, advance, crew_id, person, retire};

/// Returns an environment after its first night, with a person whose record cannot be read because of this attribute,
/// one who retires and one who joins.
async fn after_a_roll_back(attribute: &str) -> TestEnv {
    let env = TestEnv::new(100, None).await;
    env.add_user(system_administrator("usr_admin")).await;
    let mut people: Vec<_> = (1..=4).map(person).collect();
    env.set_crews(&people).await;
    env.nightly_run().await;
    env.corrupt_user(user_of(&env, 1).await.user_id.as_str(), attribute)
        .await;
    people[0]["last_name"] = json!("改姓");
    retire(&mut people[1..2]);
    people.push(person(9));
    env.set_crews(&people).await;
    env.clear_queues();
    advance(SignedDuration::from_hours(24));
    env
}

async fn user_of(env: &TestEnv, number: u32) -> User {
    let is_meant = |user: &User| {
        let link = user.crew_link.as_ref();
        link.is_some_and(|link| link.crew_id.as_str() == crew_id(number))
    };
    env.users().await.into_iter().find(is_meant).unwrap()
}

/// Checks that one person failed for a reason of ours, one is held, and one was invited.
fn one_failed(env: &TestEnv, run: &Run) {
    assert_eq!(run.failure, None, "{run:?}");
    let counts = run.counts;
    assert_eq!((counts.invited, counts.failed), (1, 1), "{counts:?}");
    assert_eq!((counts.deleted, counts.held), (0, 1), "{counts:?}");
    let log = env.log(run.log_key.as_ref().unwrap());
    let failed: Vec<_> = log.iter().filter(|line| line.contains(",失敗,")).collect();
    let [failed] = failed[..] else {
        panic!("{log:#?}")
    };
    assert!(failed.contains("当社側の内部エラー"), "{failed}");
    let held: Vec<_> = log.iter().filter(|line| line.contains(",保留,")).collect();
    assert!(
        held[0].contains("読み取れない") && !held[0].contains("退職者"),
        "{held:?}"
    );
}

#[tokio::test]
async fn after_a_roll_back_one_person_fails_and_the_others_are_synced_with_deletions_held() {
    // Without a link, the address tells who it is.
    for attribute in ["status", "credential", "link"] {
        let env = after_a_roll_back(attribute).await;
        one_failed(&env, &env.nightly_run().await);
        let users = env.users().await;
        assert_eq!(users.len(), 1 + 3 + 1, "{attribute}");
        assert_eq!(env.seats_and_lease().await.users, 1 + 4 + 1);
        while let Some(message) = env.next_mail() {
            // The invitation of the unreadable person waits.
            let _waits = env.deliver(&message).await;
        }
        let told = env.mails_with("1名のユーザーを同期できませんでした");
        assert_eq!(told, 1, "{attribute}");
    }
}

#[tokio::test]
async fn a_run_that_cannot_be_read_hides_no_other() {
    let env = after_a_roll_back("status").await;
    let id = &env.workspace.workspace_id;
    let first = env.store.newest_run(id).await.unwrap().unwrap();
    env.nightly_run().await;
    env.corrupt_run(&first.run_id).await;
    assert_eq!(env.store.runs(id, None, 10).await.unwrap().len(), 1);
}
