//! The API of ユーザー管理.

use axum::http::StatusCode;
use domain::Role;
use serde_json::json;

use super::console::{Console, administrator, by_code, invited, linked, system_administrator};

#[tokio::test]
async fn users_are_listed_in_pages_and_found_by_part_of_what_identifies_them() {
    let (console, browser) = administrator().await;
    for number in 10..19 {
        console.user(&format!("u{number}"), Role::Member).await;
    }
    let mut seen = 0;
    let mut path = "/api/v1/users?limit=4".to_owned();
    loop {
        let page = browser.get(&path).await.json();
        seen += page["users"].as_array().unwrap().len();
        let Some(next) = page["next"].as_str() else {
            break;
        };
        path = format!("/api/v1/users?limit=4&after={next}");
    }
    assert_eq!(seen, 10);
    let found = browser.get("/api/v1/users?q=U15@").await.json();
    assert_eq!(found["users"].as_array().unwrap().len(), 1);
    assert_eq!(found["users"][0]["id"], "u15");
    let found = browser.get("/api/v1/users?q=u1&limit=5").await.json();
    assert_eq!(found["users"].as_array().unwrap().len(), 5);
    assert_eq!(found["next"], "u14");
}

#[tokio::test]
async fn name_email_code_and_login_method_of_a_linked_user_cannot_be_edited() {
    let (console, browser) = system_administrator().await;
    console.create(linked("u")).await;
    for change in [
        json!({"name": "別の 名前"}),
        json!({"email": "other@example.jp"}),
        json!({"employee_code": null}),
        json!({"login_method": "sso"}),
    ] {
        let answer = browser.patch("/api/v1/users/u", change).await;
        assert_eq!(answer.status, StatusCode::CONFLICT);
        assert_eq!(answer.problem(), "locked_by_smarthr");
    }
    let answer = browser
        .patch("/api/v1/users/u", json!({"name": "x", "email": null}))
        .await;
    let detail = answer.json()["detail"].as_str().unwrap().to_owned();
    assert!(detail.contains("氏名・メールアドレスは"), "{detail}");
    assert_eq!(console.stored("u").await, linked("u"));
}

#[tokio::test]
async fn role_and_groups_of_a_linked_user_can_be_edited() {
    let (console, browser) = administrator().await;
    console.create(linked("u")).await;
    let change = json!({"role": "staff", "groups": ["editors"]});
    let answer = browser.patch("/api/v1/users/u", change).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.json()["role"], "staff");
    assert_eq!(answer.json()["groups"], json!(["editors"]));
    assert_eq!(answer.json()["locked_fields"].as_array().unwrap().len(), 4);
    let unknown = json!({"groups": ["nowhere"]});
    let answer = browser.patch("/api/v1/users/u", unknown).await;
    assert_eq!(answer.problem(), "unknown_group");
}

#[tokio::test]
async fn after_a_disconnect_users_become_editable_again() {
    let (console, browser) = administrator().await;
    console.create(linked("u")).await;
    browser.delete("/api/v1/integration").await;
    let answer = browser
        .patch("/api/v1/users/u", json!({"name": "別の 名前"}))
        .await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(console.stored("u").await.name, "別の 名前");
}

#[tokio::test]
async fn an_address_or_code_of_somebody_else_is_refused() {
    let (console, browser) = administrator().await;
    console.user("u", Role::Member).await;
    console.create(by_code("v", "A-1")).await;
    let taken = json!({"email": "Administrator@EXAMPLE.jp"});
    let answer = browser.patch("/api/v1/users/u", taken).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert_eq!(answer.problem(), "email_taken");
    let answer = browser
        .patch("/api/v1/users/u", json!({"employee_code": "A-1"}))
        .await;
    assert_eq!(answer.problem(), "employee_code_taken");
}

#[tokio::test]
async fn correcting_the_address_of_somebody_invited_kills_the_link_and_mails_a_new_one() {
    let (console, browser) = administrator().await;
    console.create(invited("u")).await;
    browser
        .post("/api/v1/users/u/invitation", json!(null))
        .await;
    let before = console.stored("u").await;
    let answer = browser
        .patch("/api/v1/users/u", json!({"email": "right@example.jp"}))
        .await;
    assert_eq!(answer.status, StatusCode::OK);
    let after = console.stored("u").await;
    let (old, new) = (before.invitation.unwrap(), after.invitation.unwrap());
    assert_eq!(new.serial, old.serial + 1);
    assert_eq!(new.fields_at_invitation.email, after.email);
    let mails = console.env.store.waiting_mails(console.id()).await;
    assert_eq!(mails.unwrap().len(), 2);
}

#[tokio::test]
async fn an_administrator_neither_makes_nor_unmakes_a_system_administrator() {
    let (console, browser) = administrator().await;
    console.user("boss", Role::SystemAdministrator).await;
    console.user("u", Role::Member).await;
    for (path, change) in [
        ("/api/v1/users/boss", json!({"role": "member"})),
        ("/api/v1/users/u", json!({"role": "system_administrator"})),
        ("/api/v1/users/boss", json!({"email": "mine@example.jp"})),
        ("/api/v1/users/administrator", json!({"role": "member"})),
    ] {
        let answer = browser.patch(path, change).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
        assert_eq!(answer.problem(), "forbidden");
    }
}

#[tokio::test]
async fn two_system_administrators_who_unmake_each_other_at_once_leave_one() {
    let console = Console::open().await;
    for round in 0..10 {
        let (one, other) = (format!("a{round}"), format!("b{round}"));
        let first = console.user(&one, Role::SystemAdministrator).await;
        let second = console.user(&other, Role::SystemAdministrator).await;
        let (first, second) = (
            console.browser_of(&first).await,
            console.browser_of(&second).await,
        );
        let demote = json!({"role": "member"});
        let (of_first, of_second) = (
            format!("/api/v1/users/{other}"),
            format!("/api/v1/users/{one}"),
        );
        let (a, b) = tokio::join!(
            first.patch(&of_first, demote.clone()),
            second.patch(&of_second, demote.clone()),
        );
        let statuses = [a.status, b.status];
        let successes = statuses.iter().filter(|it| **it == StatusCode::OK);
        assert_eq!(successes.count(), 1, "{statuses:?}");
        // The next round needs exactly two system administrators again.
        for id in [one, other] {
            let user = console.stored(&id).await;
            if user.role == Role::SystemAdministrator {
                console.delete(user).await;
            }
        }
    }
}

#[tokio::test]
async fn a_system_administrator_makes_and_unmakes_others_but_not_themselves() {
    let (console, browser) = system_administrator().await;
    console.user("u", Role::Member).await;
    for role in ["system_administrator", "administrator"] {
        let answer = browser
            .patch("/api/v1/users/u", json!({"role": role}))
            .await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(answer.json()["role"], role);
    }
    let answer = browser
        .patch(
            "/api/v1/users/system_administrator",
            json!({"role": "member"}),
        )
        .await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
}
