//! The roster: the users in memory are those of the tables, after every change.

use accounts::{Roster, Rosters, UserFilter};
use domain::{Role, Status, User, UserId};
use jiff::SignedDuration;
use proptest::collection::vec;
use proptest::prelude::*;
use storage::transaction::UserWrite;
use testkit::users::{invited, member};
use testkit::{TestEnv, advance, now};

use super::console::{administrator, crews};

const A_MINUTE: SignedDuration = SignedDuration::from_mins(1);

#[tokio::test]
async fn a_change_by_the_sync_an_edit_or_a_bounce_is_seen_at_the_next_click_and_a_sign_in_within_a_minute()
 {
    let (console, browser) = administrator().await;
    let (env, id) = (&console.env, console.id());
    browser.get("/users").await.shows(&["1名 / 20名"]);
    env.set_crews(&crews()).await;
    env.nightly_run().await;
    browser.get("/users").await.shows(&["3名 / 20名", "招待中"]);

    let user = env.add_user(invited("u")).await;
    browser.form("/users/u/invitation", &[]).await;
    let edit = serde_json::json!({"name": "改姓 花子"});
    browser.patch("/api/v1/users/u", edit).await.ok();
    browser
        .get("/users")
        .await
        .shows(&["4名 / 20名", "改姓 花子"]);

    let noted = env
        .store
        .note_bounce(id, &user.user_id, 1, "届きませんでした");
    assert!(noted.await.unwrap());
    browser
        .get("/users?state=bounced")
        .await
        .shows(&["改姓 花子", "届きませんでした"]);

    env.add_user(member("v")).await;
    browser.get("/users?q=v%40").await.shows_no(&["2026/"]);
    env.session_of(&UserId::new("v")).await;
    advance(A_MINUTE);
    browser
        .get("/users?q=v%40")
        .await
        .shows(&["2026/11/23 02:00"]);
    assert_eq!(
        env.user("v").await,
        member("v"),
        "what versions count stays"
    );
}

/// Something that happens to one of a few people. What cannot happen is left out.
#[derive(Clone, Copy, Debug)]
enum Event {
    Come,
    ChangeRole,
    Bounce,
    SignIn,
    LateMail,
    Leave,
    ComeBack,
    TimePasses,
}

async fn happen(env: &TestEnv, event: Event, who: u8) {
    let (id, workspace) = (format!("u{who}"), &env.workspace.workspace_id);
    let user_id = UserId::new(&*id);
    let found = env.store.user(workspace, &user_id).await.unwrap();
    match (event, found) {
        (Event::Come, None) => {
            let user = if who.is_multiple_of(2) {
                member(&id)
            } else {
                invited(&id)
            };
            env.add_user(user).await;
        }
        (Event::ChangeRole, Some(user)) if user.status == Status::Active => {
            env.change_user(&id, |user| user.role = Role::Staff).await;
        }
        (Event::Bounce, Some(user)) => {
            let noted = env
                .store
                .note_bounce(workspace, &user_id, user.serial, "不達");
            noted.await.unwrap();
        }
        (Event::SignIn, Some(_)) => {
            env.session_of(&user_id).await;
            advance(A_MINUTE);
        }
        (Event::LateMail, Some(before)) => {
            let after = before.with_late_invitation(now() + SignedDuration::from_hours(2));
            if let Some(after) = after {
                let store = &env.store;
                let extended = store.extend_invitation(workspace, &before, &after).await;
                assert!(extended.unwrap());
                advance(A_MINUTE);
            }
        }
        (Event::Leave, Some(before)) => env.write(UserWrite::Delete { before }).await.unwrap(),
        (Event::ComeBack, None) => {
            let deleted = env.store.deleted_user(workspace, &user_id).await.unwrap();
            if let Some(deleted) = deleted {
                let after = User {
                    version: deleted.user.version + 1,
                    ..deleted.user
                };
                env.write(UserWrite::Restore { after }).await.unwrap();
            }
        }
        (Event::TimePasses, _) => advance(A_MINUTE),
        _ => {}
    }
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        3 => Just(Event::Come),
        1 => Just(Event::ChangeRole),
        1 => Just(Event::Bounce),
        1 => Just(Event::SignIn),
        1 => Just(Event::LateMail),
        1 => Just(Event::Leave),
        2 => Just(Event::ComeBack),
        1 => Just(Event::TimePasses),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn after_any_changes_the_list_and_its_counts_are_those_of_all_users(
        events in vec((event(), 0_u8..4), 1..24)
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let outcome: Result<(), TestCaseError> = runtime.block_on(async {
            let env = TestEnv::new(20, None).await;
            let (rosters, id) = (Rosters::default(), &env.workspace.workspace_id);
            for (event, who) in events {
                happen(&env, event, who).await;
                let kept = rosters.of(&env.store, id, now()).await.unwrap();
                let read = Roster::read(&env.store, id).await.unwrap();
                let people = |roster: &Roster| -> Vec<_> {
                    let entries = roster.entries().iter();
                    entries.map(|it| (it.user.clone(), it.last_sign_in)).collect()
                };
                prop_assert_eq!(people(&kept), people(&read));
                let filter = UserFilter::of_text("利用者");
                let counts = |roster: &Roster| roster.counts(&filter, None, now());
                prop_assert_eq!(counts(&kept), counts(&read));
                let all = kept.restorable(&env.store, id, "", now()).await.unwrap();
                let deleted = env.store.deleted_users(id).await.unwrap();
                prop_assert_eq!(all.len(), deleted.len());
            }
            Ok(())
        });
        outcome?;
    }
}
