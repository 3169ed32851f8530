//! [削除する] and [SmartHRとの紐付けを解除], through the API and through the page with its confirmation.

use domain::{EmailAddress, GroupId, Role, User};
use serde_json::{Value, json};
use sync::InvocationOutcome;
use testkit::users::{invited, member, synced, system_administrator};

use super::console::{Console, administrator};

#[tokio::test]
async fn somebody_deleted_is_out_frees_a_seat_and_can_be_restored() {
    let (console, browser) = administrator().await;
    let theirs = console.browser_of(member("u")).await;
    let users = console.user_count().await;

    browser.delete("/api/v1/users/u").await.ok();
    assert_eq!(theirs.get("/api/v1/session").await.status, 401);
    assert_eq!(console.user_count().await, users - 1);
    let again = browser.delete("/api/v1/users/u").await;
    assert_eq!(again.status, 404);
    let path = "/api/v1/deleted-users/u/restore";
    browser.post(path, Value::Null).await.ok();
    assert_eq!(console.env.user("u").await.email, member("u").email);
}

#[tokio::test]
async fn nobody_deletes_themselves_and_an_administrator_no_system_administrator() {
    let console = Console::open().await;
    let administrator = console.browser(Role::Administrator).await;
    let boss = console.browser(Role::SystemAdministrator).await;
    for (browser, target) in [
        (&administrator, "administrator"),
        (&administrator, "system_administrator"),
        (&boss, "system_administrator"),
    ] {
        let answer = browser.delete(&format!("/api/v1/users/{target}")).await;
        assert_eq!(answer.status, 403, "{target}");
        let page = browser.get(&format!("/users/{target}")).await;
        page.shows_no(&["ユーザーを削除</a>"]);
        let answer = browser.form(&format!("/users/{target}/delete"), &[]).await;
        assert_eq!(answer.status, 403, "{target}");
    }
    console.env.add_user(system_administrator("second")).await;
    boss.delete("/api/v1/users/second").await.ok();
}

#[tokio::test]
async fn the_page_asks_before_it_deletes_and_says_that_an_employee_comes_again() {
    let (console, browser) = administrator().await;
    console.env.add_user(synced("employee")).await;
    console.env.add_user(member("other")).await;
    browser.get("/users/employee/delete").await.shows(&[
        "ユーザーを削除しますか?",
        "利用者 employee",
        "次回の同期で新しいユーザーとして追加されます",
        "次回の同期で新しいユーザーとして追加された場合も同様です",
    ]);
    let asked = console.env.user("employee").await;
    assert_eq!(asked.version, 1, "only asked");
    let question = browser.get("/users/other/delete").await;
    question.shows_no(&["次回の同期"]);
    let taken = "メールアドレスまたは従業員コードを別のユーザーが使用している場合は復元できません";
    question.shows(&[taken]);

    let page = browser.submit("/users/other/delete", &[]).await;
    page.shows(&["ユーザーを削除しました。", "利用者 other", "復元する"]);
}

#[tokio::test]
async fn somebody_unlinked_can_be_edited_and_keeps_role_groups_and_address() {
    let (console, browser) = administrator().await;
    let before = console.env.add_user(synced("u")).await;
    let page = browser.get("/users/u").await;
    page.shows(&["href=\"/users/u/unlink\""]);
    let question = browser.get("/users/u/unlink").await;
    question.shows(&["SmartHRとの紐付けを解除しますか?"]);
    assert_eq!(console.env.user("u").await, before, "only asked");

    let page = browser.submit("/users/u/unlink", &[]).await;
    page.shows(&["SmartHRとの紐付けを解除しました。", "name=\"email\""]);
    let expected = User {
        crew_link: None,
        version: 2,
        ..before
    };
    assert_eq!(console.env.user("u").await, expected);
    let again = browser.delete("/api/v1/users/u/link").await;
    again.is_refused(409, "not_linked");
}

/// The case that the button exists for: somebody deleted the record in SmartHR and created it
/// again.
#[tokio::test]
async fn a_record_created_again_fails_until_the_user_is_unlinked_and_is_then_matched_by_address() {
    let (console, browser) = administrator().await;
    let user = User {
        email: EmailAddress::parse("y1@example.jp"),
        ..synced("old-record")
    };
    console.env.add_user(user).await;
    let again = json!({
        "id": "new-record", "emp_code": "001", "emp_status": "employed",
        "last_name": "山田", "first_name": "花子", "email": "y1@example.jp",
    });
    console.env.set_crews(&[again]).await;
    let night = console.env.nightly_run().await;
    assert_eq!((night.counts.failed, night.counts.updated), (1, 0));

    let answer = browser.delete("/api/v1/users/old-record/link").await;
    assert_eq!(answer.json()["linked"], json!(false));
    let by_hand = console.env.manual_message();
    let InvocationOutcome::Ended(run) = console.env.run(&by_hand).await.unwrap() else {
        panic!("it ends");
    };
    assert_eq!((run.counts.failed, run.counts.updated), (0, 1));
    let user = console.env.user("old-record").await;
    assert_eq!(user.crew_link.unwrap().crew_id.as_str(), "new-record");
    assert_eq!(user.name, "山田 花子");
    assert_eq!(*user.groups, [GroupId::new("viewers")].into());
}

#[tokio::test]
async fn an_administrator_unlinks_no_system_administrator() {
    let (console, browser) = administrator().await;
    let boss = User {
        role: Role::SystemAdministrator,
        ..synced("boss")
    };
    console.env.add_user(boss).await;
    let answer = browser.delete("/api/v1/users/boss/link").await;
    assert_eq!(answer.status, 403);
    let page = browser.get("/users/boss").await;
    page.shows_no(&["/users/boss/unlink"]);
}

#[tokio::test]
async fn an_invited_person_who_was_restored_is_offered_a_new_invitation_right_there() {
    let (console, browser) = administrator().await;
    console.env.add_user(invited("u")).await;
    browser.form("/users/u/invitation", &[]).await;
    browser.form("/users/u/delete", &[]).await;
    let page = browser.submit("/users/deleted/u/restore", &[]).await;
    page.shows(&[
        "ユーザーを復元しました。",
        "有効な招待メールがないため",
        "再招待する",
    ]);
    let page = browser.submit("/users/u/invitation", &[]).await;
    page.shows_no(&["有効な招待メールがないため"]);
}
