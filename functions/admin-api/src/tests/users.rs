//! The API of ユーザー管理.

use domain::{LoginMethod, LoginMethodSetting, Role, Settings, User};
use serde_json::{Value, json};
use testkit::http::Answer;
use testkit::users::{self, by_code, invited, member, synced};

use super::console::{Browser, Console, administrator, system_administrator};

/// Changes a user over the API.
async fn change(browser: &Browser, id: &str, change: Value) -> Answer {
    browser.patch(&format!("/api/v1/users/{id}"), change).await
}

#[tokio::test]
async fn users_are_listed_in_pages_and_found_by_part_of_what_identifies_them() {
    let (console, browser) = administrator().await;
    for number in 10..19 {
        console.env.add_user(member(&format!("u{number}"))).await;
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
    let admin = browser.get("/api/v1/users?role=administrator&state=active");
    let admin = admin.await.json();
    assert_eq!(admin["users"][0]["last_sign_in_at"], "2026-11-22T17:00:00Z");
    assert_eq!(admin["users"].as_array().unwrap().len(), 1);
    let found = browser.get("/api/v1/users?q=u1&limit=5").await.json();
    assert_eq!(found["users"].as_array().unwrap().len(), 5);
    assert_eq!(found["next"], "u14");
}

#[tokio::test]
async fn name_email_code_and_login_method_of_a_linked_user_cannot_be_edited() {
    let (console, browser) = system_administrator().await;
    let before = console.env.add_user(synced("u")).await;
    for locked in [
        json!({"name": "別の 名前"}),
        json!({"email": "other@example.jp"}),
        json!({"employee_code": null}),
        json!({"login_method": "sso"}),
    ] {
        let answer = change(&browser, "u", locked).await;
        answer.is_refused(409, "locked_by_smarthr");
    }
    let both = json!({"name": "x", "email": null});
    let detail = change(&browser, "u", both).await.json()["detail"].to_string();
    assert!(detail.contains("氏名・メールアドレスは"), "{detail}");
    assert_eq!(console.env.user("u").await, before);
}

#[tokio::test]
async fn the_last_system_administrator_with_a_password_cannot_change_to_sso() {
    let (console, browser) = system_administrator().await;
    let to_sso = || {
        change(
            &browser,
            "system_administrator",
            json!({"login_method": "sso"}),
        )
    };
    to_sso().await.is_refused(409, "last_way_in");

    let mut other = member("other");
    other.role = Role::SystemAdministrator;
    console.env.add_user(other).await;
    to_sso().await.ok();
    let after = console.env.user("system_administrator").await;
    assert_eq!(after.login_method, LoginMethod::Sso);
}

#[tokio::test]
async fn only_a_system_administrator_makes_one_an_emergency_account_which_never_changes_to_sso() {
    let (console, browser) = system_administrator().await;
    let mut linked = synced("linked");
    linked.role = Role::SystemAdministrator;
    console.env.add_user(linked).await;
    console.env.add_user(member("member")).await;
    let emergency = json!({"emergency_account": true});
    let answer = change(&browser, "member", emergency.clone()).await;
    answer.is_refused(409, "emergency_account");
    let administrator = console.browser(Role::Administrator).await;
    let answer = change(&administrator, "linked", emergency.clone()).await;
    answer.is_refused(403, "forbidden");
    let user = change(&browser, "linked", emergency.clone()).await;
    assert_eq!(user.ok().json()["emergency_account"], true);

    let me = "system_administrator";
    change(&browser, me, emergency).await.ok();
    let to_sso = change(&browser, me, json!({"login_method": "sso"})).await;
    to_sso.is_refused(409, "emergency_account");
    let dismissed = change(&browser, "linked", json!({"role": "member"})).await;
    assert_eq!(dismissed.ok().json()["emergency_account"], false);
}

#[tokio::test]
async fn while_sso_is_saved_the_last_system_administrator_who_stays_with_a_password_remains_one() {
    let (console, browser) = system_administrator().await;
    let mut linked = synced("linked");
    linked.role = Role::SystemAdministrator;
    let mut emergency = users::active("emergency", Role::SystemAdministrator);
    emergency.crew_link.clone_from(&linked.crew_link);
    emergency.is_emergency_account = true;
    console.env.add_user(linked).await;
    console.env.add_user(emergency).await;
    let sso = |settings: &mut Settings| settings.login_method = LoginMethodSetting::Sso;
    let saved = console
        .env
        .change_connection(|connection| sso(&mut connection.settings));
    saved.await;
    let link = console.env.user("linked").await.crew_link;
    let tie = |user: &mut User| user.crew_link = link;
    console.env.change_user("system_administrator", tie).await;
    let unmarked = json!({"emergency_account": false});
    for edit in [unmarked.clone(), json!({"role": "administrator"})] {
        let answer = change(&browser, "emergency", edit).await;
        answer.is_refused(409, "last_way_in");
    }
    let deleted = browser.delete("/api/v1/users/emergency").await;
    deleted.is_refused(409, "last_way_in");
    let marked = json!({"emergency_account": true});
    change(&browser, "linked", marked).await.ok();
    change(&browser, "emergency", unmarked).await.ok();
}

#[tokio::test]
async fn role_and_groups_of_a_linked_user_can_be_edited() {
    let (console, browser) = administrator().await;
    console.env.add_user(synced("u")).await;
    let editor = json!({"role": "staff", "groups": ["editors"]});
    let user = change(&browser, "u", editor).await.ok().json();
    assert_eq!(user["role"], "staff");
    assert_eq!(user["groups"], json!(["editors"]));
    assert_eq!(user["locked_fields"].as_array().unwrap().len(), 4);
    let answer = change(&browser, "u", json!({"groups": ["nowhere"]})).await;
    assert_eq!(answer.problem(), "unknown_group");
}

#[tokio::test]
async fn after_a_disconnect_users_become_editable_again() {
    let (console, browser) = administrator().await;
    console.env.add_user(synced("u")).await;
    browser.delete("/api/v1/integration").await.ok();
    let name = json!({"name": "別の 名前"});
    change(&browser, "u", name).await.ok();
    assert_eq!(console.env.user("u").await.name, "別の 名前");
}

#[tokio::test]
async fn an_address_or_code_of_somebody_else_is_refused() {
    let (console, browser) = administrator().await;
    console.env.add_user(member("u")).await;
    console.env.add_user(by_code("v", "A-1")).await;
    let email = json!({"email": "Administrator@EXAMPLE.jp"});
    let answer = change(&browser, "u", email).await;
    answer.is_refused(409, "email_taken");
    let answer = change(&browser, "u", json!({"employee_code": "A-1"})).await;
    assert_eq!(answer.problem(), "employee_code_taken");
}

#[tokio::test]
async fn correcting_the_address_of_somebody_invited_ends_the_link_and_mails_a_new_one() {
    let (console, browser) = administrator().await;
    console.env.add_user(invited("u")).await;
    let path = "/api/v1/users/u/invitation";
    browser.post(path, Value::Null).await.ok();
    let old = console.env.user("u").await.invitation.unwrap();
    let right = json!({"email": "right@example.jp"});
    change(&browser, "u", right).await.ok();
    let user = console.env.user("u").await;
    let new = user.invitation.unwrap();
    assert_eq!(new.serial, old.serial + 1);
    assert_eq!(new.fields_at_invitation.email, user.email);
    let mails = console.env.store.waiting_mails(console.id()).await;
    assert_eq!(mails.unwrap().len(), 2);
}

#[tokio::test]
async fn an_administrator_neither_makes_nor_unmakes_a_system_administrator() {
    let (console, browser) = administrator().await;
    let boss = users::system_administrator("boss");
    console.env.add_user(boss).await;
    console.env.add_user(member("u")).await;
    for (id, not_allowed) in [
        ("boss", json!({"role": "member"})),
        ("u", json!({"role": "system_administrator"})),
        ("boss", json!({"email": "mine@example.jp"})),
        ("administrator", json!({"role": "member"})),
    ] {
        let answer = change(&browser, id, not_allowed).await;
        answer.is_refused(403, "forbidden");
    }
}

#[tokio::test]
async fn two_system_administrators_who_unmake_each_other_at_once_leave_one() {
    let console = Console::open().await;
    let member = || json!({"role": "member"});
    for round in 0..10 {
        let (one, other) = (format!("a{round}"), format!("b{round}"));
        let as_one = console.browser_of(users::system_administrator(&one)).await;
        let as_other = users::system_administrator(&other);
        let as_other = console.browser_of(as_other).await;
        let (a, b) = tokio::join!(
            change(&as_one, &other, member()),
            change(&as_other, &one, member()),
        );
        let statuses = [a.status, b.status];
        let successes = statuses.iter().filter(|it| it.is_success());
        assert_eq!(successes.count(), 1, "{statuses:?}");
        // The next round needs exactly two system administrators again.
        for id in [one, other] {
            let to_member = |user: &mut domain::User| user.role = Role::Member;
            console.env.change_user(&id, to_member).await;
        }
    }
}

#[tokio::test]
async fn a_system_administrator_makes_and_unmakes_others_but_not_themselves() {
    let (console, browser) = system_administrator().await;
    console.env.add_user(member("u")).await;
    for role in ["system_administrator", "administrator"] {
        let answer = change(&browser, "u", json!({"role": role})).await.ok();
        assert_eq!(answer.json()["role"], role);
    }
    let own = change(&browser, "system_administrator", json!({"role": "member"})).await;
    assert_eq!(own.status, 403);
}
