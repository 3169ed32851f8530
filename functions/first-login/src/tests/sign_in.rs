use axum::http::StatusCode;
use domain::{LoginMethod, Role};
use serde_json::json;

use super::door::{Door, PASSWORD};

#[tokio::test]
async fn a_person_signs_in_by_email_whatever_the_case() {
    let door = Door::open().await;
    door.person(Some("Hanako@example.com"), None).await;
    let answer = door.sign_in("hanako@EXAMPLE.com", PASSWORD).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    assert_eq!(answer.json()["must_replace_password"], false);
    assert!(answer.json()["csrf"].as_str().unwrap().len() > 20);

    let home = door.get("/", &answer.cookie()).await;
    assert!(home.text.contains("田中 花子"));
    assert!(home.text.contains("みどり&#60;商事&#62;"), "{}", home.text);
}

#[tokio::test]
async fn a_person_signs_in_by_company_code_and_employee_code() {
    let door = Door::open().await;
    door.person(None, Some("-0012")).await;
    let page = door.get("/sign-in?company_code=MIDORI", "").await;
    assert!(page.text.contains(r#"name="company_code" value="MIDORI""#));
    let fields = [
        ("company_code", "midori"),
        ("employee_code", "\u{A0}-0012"),
        ("password", PASSWORD),
    ];
    let answer = door.form("/sign-in", &fields, "").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(answer.location(), "/");
}

#[tokio::test]
async fn nobody_learns_from_the_answer_whether_an_account_exists() {
    let door = Door::open().await;
    door.person(Some("hanako@example.com"), None).await;
    let sso = door.person(Some("sso@example.com"), None).await;
    door.change(&sso.user_id, |user| user.login_method = LoginMethod::Sso)
        .await;
    let (_, initial) = door.registered("0012").await;
    door.invited("invited@example.com").await;

    let mut answers = Vec::new();
    for (email, password) in [
        ("nobody@example.com", PASSWORD),
        ("hanako@example.com", "wrong"),
        ("sso@example.com", PASSWORD),
        ("invited@example.com", ""),
        ("not an address", PASSWORD),
    ] {
        answers.push(door.sign_in(email, password).await);
    }
    door.wait_seconds(31 * 24 * 3600);
    let expired = json!({"company_code": "MIDORI", "employee_code": "0012", "password": initial});
    answers.push(door.json("/api/v1/sign-in", expired, "", "").await);

    for answer in &answers {
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        assert_eq!(answer.text, answers[0].text);
        assert!(!answer.headers.contains_key("set-cookie"));
    }
}

#[tokio::test]
async fn an_address_in_two_workspaces_needs_the_company_code() {
    let door = Door::open().await;
    let user = door.person(Some("hanako@example.com"), None).await;
    door.in_another_workspace("AOZORA", &user).await;
    let without = door.sign_in("hanako@example.com", PASSWORD).await;
    assert_eq!(without.status, StatusCode::UNAUTHORIZED);
    assert!(without.text.contains("企業コードも入力してください"));
    let body = json!({
        "email": "hanako@example.com", "company_code": "aozora", "password": PASSWORD
    });
    let with = door.json("/api/v1/sign-in", body, "", "").await;
    assert_eq!(with.status, StatusCode::OK);
}

#[tokio::test]
async fn over_the_api_one_account_is_named_in_one_of_two_ways() {
    let door = Door::open().await;
    door.person(Some("hanako@example.com"), Some("0012")).await;
    for refused in [
        json!(["hanako@example.com", "", "", PASSWORD]),
        json!({"email": " ", "password": PASSWORD}),
        json!({"employee_code": "0012", "password": PASSWORD}),
        json!({"email": "hanako@example.com", "company_code": "MIDORI", "employee_code": "0012", "password": PASSWORD}),
    ] {
        let answer = door.json("/api/v1/sign-in", refused, "", "").await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.text);
    }
    for taken in [
        json!({"email": "hanako@example.com", "company_code": "MIDORI", "password": PASSWORD}),
        json!({"company_code": "MIDORI", "employee_code": "0012", "password": PASSWORD}),
    ] {
        let answer = door.json("/api/v1/sign-in", taken, "", "").await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    }
}

#[tokio::test]
async fn the_form_comes_back_with_the_reason_and_without_the_password() {
    let door = Door::open().await;
    let fields = [("email", "a@example.com"), ("password", "geheim<1>")];
    let answer = door.form("/sign-in", &fields, "").await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert!(answer.text.contains("ログインできませんでした"));
    assert!(answer.text.contains("a@example.com"));
    assert!(!answer.text.contains("geheim"));
    let empty = door.form("/sign-in", &[("password", "x")], "").await;
    assert_eq!(empty.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn another_sites_page_cannot_sign_a_browser_in() {
    let door = Door::open().await;
    door.person(Some("hanako@example.com"), None).await;
    let headers = [
        ("content-type", "application/x-www-form-urlencoded"),
        ("origin", "https://evil.example"),
    ];
    let body = format!("email=hanako%40example.com&password={PASSWORD}");
    let answer = door.call("POST", "/sign-in", &headers, &body).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(!answer.headers.contains_key("set-cookie"));
}

#[tokio::test]
async fn signing_out_ends_the_session() {
    let door = Door::open().await;
    door.person(Some("hanako@example.com"), None).await;
    let cookie = door.sign_in("hanako@example.com", PASSWORD).await.cookie();
    let home = door.get("/", &cookie).await;

    let forged = door.form("/sign-out", &[("csrf", "x")], &cookie).await;
    assert_eq!(forged.status, StatusCode::FORBIDDEN);
    assert_eq!(door.get("/", &cookie).await.status, StatusCode::OK);

    let csrf = home.csrf_field();
    let out = door.form("/sign-out", &[("csrf", &csrf)], &cookie).await;
    assert_eq!(out.location(), "/sign-in");
    assert_eq!(door.get("/", &cookie).await.location(), "/sign-in");
}

#[tokio::test]
async fn a_session_ends_after_two_unused_hours() {
    let door = Door::open().await;
    door.person(Some("hanako@example.com"), None).await;
    let cookie = door.sign_in("hanako@example.com", PASSWORD).await.cookie();
    for _ in 0..3 {
        door.wait_seconds(90 * 60);
        assert_eq!(door.get("/", &cookie).await.status, StatusCode::OK);
    }
    door.wait_seconds(121 * 60);
    assert_eq!(door.get("/", &cookie).await.location(), "/sign-in");
}

#[tokio::test]
async fn signing_in_anew_ends_the_browsers_old_session() {
    let door = Door::open().await;
    door.person(Some("hanako@example.com"), None).await;
    let old = door.sign_in("hanako@example.com", PASSWORD).await.cookie();
    let body = json!({"email": "hanako@example.com", "password": PASSWORD});
    let new = door.json("/api/v1/sign-in", body, &old, "").await;
    assert_ne!(old, new.cookie());
    assert_eq!(door.get("/", &old).await.location(), "/sign-in");
    assert_eq!(door.get("/", &new.cookie()).await.status, StatusCode::OK);
}

#[tokio::test]
async fn only_admins_are_shown_the_way_to_the_integration() {
    let door = Door::open().await;
    let user = door.person(Some("hanako@example.com"), None).await;
    let cookie = door.sign_in("hanako@example.com", PASSWORD).await.cookie();
    assert!(!door.get("/", &cookie).await.text.contains("SmartHR"));
    door.change(&user.user_id, |user| user.role = Role::Administrator)
        .await;
    assert!(door.get("/", &cookie).await.text.contains("SmartHR"));
}

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let door = Door::open().await;
    for path in ["/sign-in", "/invitations/x", "/nowhere", "/welcome"] {
        let answer = door.get(path, "").await;
        assert_eq!(answer.headers["referrer-policy"], "no-referrer", "{path}");
        assert_eq!(answer.headers["cache-control"], "no-store", "{path}");
        assert!(answer.headers.contains_key("content-security-policy"));
        assert!(!answer.text.contains("<script") && !answer.text.contains("style="));
    }
    let style = door.get("/assets/console.css", "").await;
    assert_eq!(style.headers["content-type"], "text/css; charset=utf-8");
}
