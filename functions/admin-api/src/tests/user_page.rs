//! The page of one user: the editable fields, and those that SmartHR determines.

use axum::http::StatusCode;
use domain::Role;

use super::console::{administrator, by_code, invited, linked, system_administrator};

#[tokio::test]
async fn what_smarthr_decides_is_shown_locked_with_the_reason_and_role_and_groups_are_not() {
    let (console, browser) = administrator().await;
    console.create(linked("u")).await;
    let page = browser.get("/users/u").await;
    let html = page.html();
    assert!(html.contains(
        "SmartHRと連携中のため、氏名・メールアドレス・従業員コード・認証方法はKiteRaで変更できません。"
    ));
    for field in ["name", "email", "employee_code", "login_method"] {
        assert!(!html.contains(&format!("name=\"{field}\"")), "{field}");
    }
    let fields = [
        ("version", "1"),
        ("role", "staff"),
        ("groups", "editors"),
        ("groups", "viewers"),
    ];
    let answer = browser.form("/users/u", &fields).await;
    let page = browser.get(answer.location()).await;
    assert!(page.html().contains("ユーザー情報を保存しました。"));
    let user = console.stored("u").await;
    assert_eq!((user.role, user.groups.len()), (Role::Staff, 2));

    let forged = [
        ("version", "2"),
        ("name", "別の 名前"),
        ("groups", "viewers"),
    ];
    let answer = browser.form("/users/u", &forged).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(answer.html().contains("氏名はKiteRaで変更できません。"));
    assert_eq!(console.stored("u").await, user);
}

#[tokio::test]
async fn somebody_added_by_hand_is_edited_and_a_refused_form_keeps_what_was_typed() {
    let (console, browser) = administrator().await;
    console.user("u", Role::Member).await;
    let page = browser.get("/users/u").await;
    assert!(page.html().contains("name=\"email\""));
    let wrong = [
        ("version", "1"),
        ("name", "改めた 名前"),
        ("email", "u@example.jp"),
        ("employee_code", "営業1"),
        ("login_method", "password"),
        ("role", "member"),
    ];
    let answer = browser.form("/users/u", &wrong).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert!(
        answer
            .html()
            .contains("従業員コードは半角英数字とハイフンで")
    );
    assert!(answer.html().contains("改めた 名前") && answer.html().contains("営業1"));
    let mut right = wrong;
    right[3].1 = "E-1";
    let answer = browser.form("/users/u", &right).await;
    assert_eq!(answer.location(), "/users/u?done=saved");
    let user = console.stored("u").await;
    assert_eq!(user.name, "改めた 名前");
    assert_eq!(user.code.unwrap().as_str(), "E-1");
}

#[tokio::test]
async fn a_form_that_was_opened_before_somebody_else_saved_overwrites_nothing() {
    let (console, browser) = administrator().await;
    console.user("u", Role::Member).await;
    for (role, status) in [
        ("staff", StatusCode::SEE_OTHER),
        ("member", StatusCode::CONFLICT),
    ] {
        let fields = [("version", "1"), ("role", role)];
        let answer = browser.form("/users/u", &fields).await;
        assert_eq!(answer.status, status);
    }
    assert_eq!(console.stored("u").await.role, Role::Staff);
}

#[tokio::test]
async fn nobody_is_offered_a_role_that_they_may_not_give() {
    let (console, browser) = administrator().await;
    console.user("boss", Role::SystemAdministrator).await;
    console.user("u", Role::Member).await;
    let own = browser.get("/users/administrator").await;
    assert!(own.html().contains("自分の役割は変更できません。"));
    assert!(!own.html().contains("name=\"role\""));
    let boss = browser.get("/users/boss").await;
    assert!(
        boss.html()
            .contains("システム管理者の追加と解除ができるのは、システム管理者のみです。")
    );
    assert!(!boss.html().contains("name=\"role\"") && !boss.html().contains("name=\"email\""));
    let page = browser.get("/users/u").await;
    assert!(page.html().contains("value=\"staff\""));
    assert!(!page.html().contains("value=\"system_administrator\""));
    for (path, role) in [
        ("/users/u", "system_administrator"),
        ("/users/boss", "member"),
        ("/users/administrator", "system_administrator"),
    ] {
        let answer = browser
            .form(path, &[("version", "1"), ("role", role)])
            .await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
    }
    assert_eq!(console.stored("u").await.role, Role::Member);
}

#[tokio::test]
async fn a_way_in_is_given_anew_to_who_needs_it_and_is_not_offered_to_others() {
    let (console, browser) = system_administrator().await;
    console.create(by_code("coded", "A-1")).await;
    console.create(invited("u")).await;
    for (id, action, button, done) in [
        (
            "u",
            "invitation",
            "再招待する",
            "招待メールを送信しました。",
        ),
        (
            "coded",
            "initial-password",
            "初期パスワードを再発行",
            "初期パスワードを再発行し、",
        ),
    ] {
        let page = browser.get(&format!("/users/{id}")).await;
        assert!(page.html().contains(&format!("{button}</button>")));
        let answer = browser.form(&format!("/users/{id}/{action}"), &[]).await;
        let page = browser.get(answer.location()).await;
        assert!(page.html().contains(done), "{id}");
    }
    let own = browser.get("/users/system_administrator").await;
    assert!(!own.html().contains("再招待する") && !own.html().contains("再発行"));
    let answer = browser.form("/users/coded/invitation", &[]).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(answer.html().contains("メールアドレスがないため"));
}

#[tokio::test]
async fn a_user_who_does_not_exist_is_a_page_that_says_so() {
    let (_console, browser) = administrator().await;
    for id in ["unknown", "%20", "deleted%23ws_test"] {
        let page = browser.get(&format!("/users/{id}")).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{id}");
        assert!(page.html().contains("存在しません。"));
    }
}
