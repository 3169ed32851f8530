use axum::http::StatusCode;
use domain::{Credential, LoginMethod};
use serde_json::json;

use super::door::{Answer, Door, PASSWORD};

const NEW: &str = "aoi-sora-to-umi";

async fn by_code(door: &Door, password: &str) -> Answer {
    let fields = [
        ("company_code", "MIDORI"),
        ("employee_code", "0012"),
        ("password", password),
    ];
    door.form("/sign-in", &fields, "").await
}

#[tokio::test]
async fn an_initial_password_must_be_replaced_at_the_first_sign_in() {
    let door = Door::open().await;
    let (user, initial) = door.registered("0012").await;
    let entered = by_code(&door, &initial.to_uppercase()).await;
    assert_eq!(entered.location(), "/first-login");
    let cookie = entered.cookie();
    assert_eq!(door.get("/", &cookie).await.location(), "/first-login");

    let csrf = door.get("/first-login", &cookie).await.csrf_field();
    let set = |password: String| {
        let (door, csrf, cookie) = (&door, csrf.clone(), cookie.clone());
        async move {
            let fields = [
                ("csrf", csrf.as_str()),
                ("password", &password),
                ("password_confirmation", &password),
            ];
            door.form("/first-login", &fields, &cookie).await
        }
    };
    let same = set(initial.clone()).await;
    assert_eq!(same.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(same.text.contains("初期パスワードとは別"));
    let answer = set(NEW.into()).await;
    assert_eq!(answer.location(), "/welcome");
    assert_ne!(answer.cookie(), cookie);

    let welcome = door.get("/welcome", &answer.cookie()).await;
    assert!(welcome.text.contains("登録が完了しました"));
    assert_eq!(door.get("/", &cookie).await.location(), "/sign-in");
    let stored = door.user(&user.user_id).await;
    assert_eq!(stored.credential, Credential::Password);
    let dead = by_code(&door, &initial).await;
    assert_eq!(dead.status, StatusCode::UNAUTHORIZED);
    assert_eq!(by_code(&door, NEW).await.location(), "/");
}

#[tokio::test]
async fn the_initial_password_is_replaced_over_the_api_as_well() {
    let door = Door::open().await;
    let (_, initial) = door.registered("0012").await;
    let body = json!({"company_code": "MIDORI", "employee_code": "0012", "password": initial});
    let entered = door.json("/api/v1/sign-in", body, "", "").await;
    assert_eq!(entered.json()["must_replace_password"], true);
    let (cookie, csrf) = (entered.cookie(), entered.json()["csrf"].clone());

    let body = json!({"new_password": NEW});
    let forged = door
        .json("/api/v1/password", body.clone(), &cookie, "x")
        .await;
    assert_eq!(forged.status, StatusCode::FORBIDDEN);
    let csrf = csrf.as_str().unwrap();
    let weak = json!({"new_password": "12345678901"});
    let weak = door.json("/api/v1/password", weak, &cookie, csrf).await;
    assert_eq!(weak.json()["code"], "password_refused");
    let answer = door.json("/api/v1/password", body, &cookie, csrf).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    assert_eq!(door.get("/", &answer.cookie()).await.status, StatusCode::OK);
}

#[tokio::test]
async fn an_initial_password_that_ran_out_is_not_replaced_through_a_session_from_before() {
    let door = Door::open().await;
    let (_, initial) = door.registered("0012").await;
    door.wait_seconds(30 * 24 * 3600 - 60);
    let body = json!({"company_code": "MIDORI", "employee_code": "0012", "password": initial});
    let entered = door.json("/api/v1/sign-in", body, "", "").await;
    let (cookie, csrf) = (entered.cookie(), entered.json()["csrf"].clone());
    door.wait_seconds(60);
    let body = json!({"new_password": NEW});
    let answer = door
        .json("/api/v1/password", body, &cookie, csrf.as_str().unwrap())
        .await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn of_two_who_replace_an_initial_password_at_once_one_succeeds() {
    let door = Door::open().await;
    let (_, initial) = door.registered("0012").await;
    let body = json!({"company_code": "MIDORI", "employee_code": "0012", "password": initial});
    let one = door.json("/api/v1/sign-in", body.clone(), "", "").await;
    let two = door.json("/api/v1/sign-in", body, "", "").await;
    let replace = |entered: &Answer, new: &'static str| {
        let (cookie, csrf) = (entered.cookie(), entered.json()["csrf"].clone());
        let door = &door;
        async move {
            let body = json!({"new_password": new});
            let csrf = csrf.as_str().unwrap();
            door.json("/api/v1/password", body, &cookie, csrf)
                .await
                .status
        }
    };
    let (one, two) = tokio::join!(replace(&one, NEW), replace(&two, "shiroi-kumo-9x"));
    let mut statuses = [one, two];
    statuses.sort();
    assert_eq!(statuses, [StatusCode::OK, StatusCode::UNAUTHORIZED]);
}

#[tokio::test]
async fn a_password_of_ones_own_is_changed_with_the_current_one_and_ends_other_sessions() {
    let door = Door::open().await;
    door.person(Some("hanako@example.com"), None).await;
    let elsewhere = door.sign_in("hanako@example.com", PASSWORD).await.cookie();
    let here = door.sign_in("hanako@example.com", PASSWORD).await;
    let (cookie, csrf) = (here.cookie(), here.json()["csrf"].clone());
    let csrf = csrf.as_str().unwrap();
    let change = |body| door.json("/api/v1/password", body, &cookie, csrf);

    for wrong in [
        json!({"new_password": NEW}),
        json!({"new_password": NEW, "current_password": "wrong"}),
    ] {
        let answer = change(wrong).await;
        assert_eq!(answer.json()["code"], "current_password_wrong");
    }
    let same = change(json!({"new_password": PASSWORD, "current_password": PASSWORD})).await;
    assert_eq!(same.status, StatusCode::UNPROCESSABLE_ENTITY);
    let done = change(json!({"new_password": NEW, "current_password": PASSWORD})).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text);

    assert_eq!(door.get("/", &elsewhere).await.location(), "/sign-in");
    assert_eq!(door.get("/", &cookie).await.location(), "/sign-in");
    assert_eq!(door.get("/", &done.cookie()).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_browser_left_signed_in_is_not_enough_to_guess_the_password() {
    let door = Door::open().await;
    door.person(Some("hanako@example.com"), None).await;
    let here = door.sign_in("hanako@example.com", PASSWORD).await;
    let csrf = here.json()["csrf"].as_str().unwrap().to_owned();
    let mut last = StatusCode::OK;
    for _ in 0..6 {
        let body = json!({"new_password": NEW, "current_password": "wrong"});
        let answer = door
            .json("/api/v1/password", body, &here.cookie(), &csrf)
            .await;
        last = answer.status;
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn sso_people_have_no_password_to_set() {
    let door = Door::open().await;
    let user = door.person(Some("hanako@example.com"), None).await;
    let here = door.sign_in("hanako@example.com", PASSWORD).await;
    door.change(&user.user_id, |user| user.login_method = LoginMethod::Sso)
        .await;
    let csrf = here.json()["csrf"].as_str().unwrap().to_owned();
    let body = json!({"new_password": NEW, "current_password": PASSWORD});
    let answer = door
        .json("/api/v1/password", body, &here.cookie(), &csrf)
        .await;
    assert_eq!(answer.json()["code"], "single_sign_on");
}
