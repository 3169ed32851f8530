//! [削除する] and [SmartHRとの紐付けを解除], through the API and through the page with its confirmation.

use axum::http::StatusCode;
use domain::{EmailAddress, GroupId, Role, User};
use serde_json::{Value, json};
use sync::InvocationOutcome;

use super::console::{Console, administrator, contains, invited, linked};

#[tokio::test]
async fn somebody_deleted_is_out_frees_a_seat_and_can_be_restored() {
    let (console, browser) = administrator().await;
    let user = console.user("u", Role::Member).await;
    let theirs = console.browser_of(&user).await;
    let users = console.user_count().await;

    let answer = browser.delete("/api/v1/users/u").await;
    assert_eq!(answer.status, StatusCode::OK);
    let session = theirs.get("/api/v1/session").await;
    assert_eq!(session.status, StatusCode::UNAUTHORIZED);
    assert_eq!(console.user_count().await, users - 1);
    let again = browser.delete("/api/v1/users/u").await;
    assert_eq!(again.status, StatusCode::NOT_FOUND);
    let path = "/api/v1/deleted-users/u/restore";
    assert_eq!(browser.post(path, Value::Null).await.status, StatusCode::OK);
    assert_eq!(console.stored("u").await.email, user.email);
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
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{target}");
        let page = browser.get(&format!("/users/{target}")).await;
        assert!(!page.html().contains("ユーザーを削除</a>"), "{target}");
        let answer = browser.form(&format!("/users/{target}/delete"), &[]).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{target}");
    }
    console.user("second", Role::SystemAdministrator).await;
    let answer = boss.delete("/api/v1/users/second").await;
    assert_eq!(answer.status, StatusCode::OK);
}

#[tokio::test]
async fn the_page_asks_before_it_deletes_and_says_that_an_employee_comes_again() {
    let (console, browser) = administrator().await;
    console.create(linked("tied")).await;
    console.user("free", Role::Member).await;
    let question = browser.get("/users/tied/delete").await;
    contains(
        question.html(),
        &[
            "ユーザーを削除しますか?",
            "利用者 tied",
            "次回の同期で新しいユーザーとして追加されます",
            "次回の同期で新しいユーザーとして追加された場合も同様です",
        ],
    );
    assert_eq!(console.stored("tied").await.version, 1, "only asked");
    let question = browser.get("/users/free/delete").await;
    assert!(!question.html().contains("次回の同期"));
    let taken = "メールアドレスまたは従業員コードを別のユーザーが使用している場合は復元できません";
    contains(question.html(), &[taken]);

    let answer = browser.form("/users/free/delete", &[]).await;
    let page = browser.get(answer.location()).await;
    contains(
        page.html(),
        &["ユーザーを削除しました。", "利用者 free", "復元する"],
    );
}

#[tokio::test]
async fn somebody_untied_can_be_edited_and_keeps_role_groups_and_address() {
    let (console, browser) = administrator().await;
    let before = console.create(linked("u")).await;
    let page = browser.get("/users/u").await;
    contains(page.html(), &["href=\"/users/u/unlink\""]);
    let question = browser.get("/users/u/unlink").await;
    contains(question.html(), &["SmartHRとの紐付けを解除しますか?"]);
    assert!(console.stored("u").await.crew_link.is_some(), "only asked");

    let answer = browser.form("/users/u/unlink", &[]).await;
    let page = browser.get(answer.location()).await;
    contains(
        page.html(),
        &["SmartHRとの紐付けを解除しました。", "name=\"email\""],
    );
    let expected = User {
        crew_link: None,
        version: 2,
        ..before
    };
    assert_eq!(console.stored("u").await, expected);
    let again = browser.delete("/api/v1/users/u/link").await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    assert_eq!(again.problem(), "not_linked");
}

/// The case that the button exists for: somebody deleted the record in SmartHR and created it
/// again.
#[tokio::test]
async fn a_record_made_anew_fails_until_the_user_is_untied_and_is_then_matched_by_address() {
    let (console, browser) = administrator().await;
    let tied = User {
        email: EmailAddress::parse("y1@example.jp"),
        ..linked("old-record")
    };
    console.create(tied).await;
    let anew = json!({
        "id": "new-record", "emp_code": "001", "emp_status": "employed",
        "last_name": "山田", "first_name": "花子", "email": "y1@example.jp",
    });
    console.env.set_crews(&[anew]).await;
    let night = console.env.nightly_run().await;
    assert_eq!((night.counts.failed, night.counts.updated), (1, 0));

    let answer = browser.delete("/api/v1/users/old-record/link").await;
    assert_eq!(answer.json()["linked"], json!(false));
    let by_hand = console.env.manual_message();
    let InvocationOutcome::Ended(run) = console.env.run(&by_hand).await.unwrap() else {
        panic!("it ends");
    };
    assert_eq!((run.counts.failed, run.counts.updated), (0, 1));
    let user = console.stored("old-record").await;
    assert_eq!(user.crew_link.unwrap().crew_id.as_str(), "new-record");
    assert_eq!(user.name, "山田 花子");
    assert_eq!(*user.groups, [GroupId::new("viewers")].into());
}

#[tokio::test]
async fn an_administrator_unties_no_system_administrator() {
    let (console, browser) = administrator().await;
    let boss = User {
        role: Role::SystemAdministrator,
        ..linked("boss")
    };
    console.create(boss).await;
    let answer = browser.delete("/api/v1/users/boss/link").await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    let page = browser.get("/users/boss").await;
    assert!(!page.html().contains("/users/boss/unlink"));
}

#[tokio::test]
async fn an_invited_person_who_was_restored_is_offered_a_new_invitation_right_there() {
    let (console, browser) = administrator().await;
    console.create(invited("u")).await;
    browser.form("/users/u/invitation", &[]).await;
    browser.form("/users/u/delete", &[]).await;
    let answer = browser.form("/users/deleted/u/restore", &[]).await;
    let page = browser.get(answer.location()).await;
    contains(
        page.html(),
        &[
            "ユーザーを復元しました。",
            "有効な招待メールがないため",
            "再招待する",
        ],
    );
    browser.form("/users/u/invitation", &[]).await;
    let page = browser.get("/users/u").await;
    assert!(!page.html().contains("有効な招待メールがないため"));
}
