use domain::{LoginMethod, Role};
use http_client::{Request, StatusCode};
use serde_json::json;

use super::site::{PASSWORD, Site, sign_in, sign_in_by_code};

const HANAKO: &str = "hanako@example.com";

#[tokio::test]
async fn a_person_signs_in_by_email_whatever_the_case() {
    let site = Site::new().await;
    site.user(Some("Hanako@example.com"), None).await;
    let browser = site.browser();
    let answer = sign_in(&browser, "hanako@EXAMPLE.com", PASSWORD).await.ok();
    assert_eq!(answer.json()["must_replace_password"], false);
    assert!(answer.json()["csrf"].as_str().unwrap().len() > 20);

    let home = browser.get("/").await;
    assert!(home.text.contains("田中 花子"));
    assert!(home.text.contains("みどり&#60;商事&#62;"), "{}", home.text);
}

#[tokio::test]
async fn a_person_signs_in_by_company_code_and_employee_code() {
    let site = Site::new().await;
    site.user(None, Some("-0012")).await;
    let page = site.get("/sign-in?company_code=MIDORI").await;
    assert!(page.text.contains(r#"name="company_code" value="MIDORI""#));
    let fields = [
        ("company_code", "midori"),
        ("employee_code", "\u{A0}-0012"),
        ("password", PASSWORD),
    ];
    assert_eq!(site.form("/sign-in", &fields).await.location(), "/");
}

#[tokio::test]
async fn nobody_learns_from_the_answer_whether_an_account_exists() {
    let site = Site::new().await;
    site.user(Some(HANAKO), None).await;
    let sso = site.user(Some("sso@example.com"), None).await;
    site.change(&sso.user_id, |user| user.login_method = LoginMethod::Sso)
        .await;
    let (_, initial) = site.registered("0012").await;
    site.invited("invited@example.com").await;

    let mut answers = Vec::new();
    for (email, password) in [
        ("nobody@example.com", PASSWORD),
        (HANAKO, "wrong"),
        ("sso@example.com", PASSWORD),
        ("invited@example.com", ""),
        ("not an address", PASSWORD),
    ] {
        answers.push(site.sign_in(email, password).await);
    }
    site.wait_seconds(31 * 24 * 3600);
    answers.push(sign_in_by_code(&site.browser(), "0012", &initial).await);

    for answer in &answers {
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        assert_eq!(answer.text, answers[0].text);
        assert!(!answer.headers.contains_key("set-cookie"));
    }
}

#[tokio::test]
async fn an_address_in_two_workspaces_needs_the_company_code() {
    let site = Site::new().await;
    let user = site.user(Some(HANAKO), None).await;
    site.in_another_workspace("AOZORA", &user).await;
    let without = site.sign_in(HANAKO, PASSWORD).await;
    assert_eq!(without.status, StatusCode::UNAUTHORIZED);
    assert!(without.text.contains("企業コードも入力してください"));
    let body = json!({"email": HANAKO, "company_code": "aozora", "password": PASSWORD});
    site.browser().post("/api/v1/sign-in", body).await.ok();
}

#[tokio::test]
async fn over_the_api_one_account_is_named_in_one_of_two_ways() {
    let site = Site::new().await;
    site.user(Some(HANAKO), Some("0012")).await;
    for refused in [
        json!([HANAKO, "", "", PASSWORD]),
        json!({"email": " ", "password": PASSWORD}),
        json!({"employee_code": "0012", "password": PASSWORD}),
        json!({"email": HANAKO, "company_code": "MIDORI", "employee_code": "0012", "password": PASSWORD}),
    ] {
        let answer = site.browser().post("/api/v1/sign-in", refused).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.text);
    }
    for accepted in [
        json!({"email": HANAKO, "company_code": "MIDORI", "password": PASSWORD}),
        json!({"company_code": "MIDORI", "employee_code": "0012", "password": PASSWORD}),
    ] {
        site.browser().post("/api/v1/sign-in", accepted).await.ok();
    }
}

#[tokio::test]
async fn the_form_comes_back_with_the_reason_and_without_the_password() {
    let site = Site::new().await;
    let fields = [("email", "a@example.com"), ("password", "geheim<1>")];
    let answer = site.form("/sign-in", &fields).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert!(answer.text.contains("ログインできませんでした"));
    assert!(answer.text.contains("a@example.com"));
    assert!(!answer.text.contains("geheim"));
    let empty = site.form("/sign-in", &[("password", "x")]).await;
    assert_eq!(empty.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn another_sites_page_cannot_sign_a_browser_in() {
    let site = Site::new().await;
    site.user(Some(HANAKO), None).await;
    let form = Request::post("/sign-in").form(&[("email", HANAKO), ("password", PASSWORD)]);
    let foreign = form.clone().header("origin", "https://evil.example");
    let answer = site.browser().send(foreign).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(!answer.headers.contains_key("set-cookie"));
    let ours = form.header("origin", "https://app.kitera.example");
    assert_eq!(site.browser().send(ours).await.location(), "/");
}

#[tokio::test]
async fn signing_out_ends_the_session() {
    let site = Site::new().await;
    site.user(Some(HANAKO), None).await;
    let browser = site.signed_in(HANAKO).await;

    let forged = Request::post("/sign-out").form(&[("csrf", "x")]);
    let forged = browser.send_without_csrf(forged).await;
    assert_eq!(forged.status, StatusCode::FORBIDDEN);
    assert_eq!(browser.get("/").await.status, StatusCode::OK);

    let before = browser.clone();
    let out = browser.form("/sign-out", &[]).await;
    assert_eq!(out.location(), "/sign-in");
    assert_eq!(browser.session().cookie, "");
    assert_eq!(before.get("/").await.location(), "/sign-in");
}

#[tokio::test]
async fn a_session_ends_after_two_unused_hours() {
    let site = Site::new().await;
    site.user(Some(HANAKO), None).await;
    let browser = site.signed_in(HANAKO).await;
    for _ in 0..3 {
        site.wait_seconds(90 * 60);
        assert_eq!(browser.get("/").await.status, StatusCode::OK);
    }
    site.wait_seconds(121 * 60);
    assert_eq!(browser.get("/").await.location(), "/sign-in");
}

#[tokio::test]
async fn signing_in_anew_ends_the_browsers_old_session() {
    let site = Site::new().await;
    site.user(Some(HANAKO), None).await;
    let browser = site.signed_in(HANAKO).await;
    let before = browser.clone();
    sign_in(&browser, HANAKO, PASSWORD).await.ok();
    assert_ne!(before.session().cookie, browser.session().cookie);
    assert_eq!(before.get("/").await.location(), "/sign-in");
    assert_eq!(browser.get("/").await.status, StatusCode::OK);
}

#[tokio::test]
async fn only_admins_are_shown_the_way_to_the_integration() {
    let site = Site::new().await;
    let user = site.user(Some(HANAKO), None).await;
    let browser = site.signed_in(HANAKO).await;
    assert!(!browser.get("/").await.text.contains("SmartHR"));
    site.change(&user.user_id, |user| user.role = Role::Administrator)
        .await;
    assert!(browser.get("/").await.text.contains("SmartHR"));
}

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let site = Site::new().await;
    for path in ["/sign-in", "/invitations/x", "/nowhere", "/welcome"] {
        let answer = site.get(path).await;
        assert_eq!(answer.header("referrer-policy"), "no-referrer", "{path}");
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        assert!(answer.headers.contains_key("content-security-policy"));
        assert!(!answer.text.contains("<script") && !answer.text.contains("style="));
    }
    let style = site.get("/assets/console.css").await;
    assert_eq!(style.header("content-type"), "text/css; charset=utf-8");
}
