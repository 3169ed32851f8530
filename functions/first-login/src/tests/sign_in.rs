use domain::{AuditAction, INITIAL_PASSWORD_LIFE, LoginMethod, Role, User};
use http_client::{Request, StatusCode};
use jiff::SignedDuration;
use serde_json::json;
use storage::audit::AuditFilter;
use testkit::advance;

use super::site::{HANAKO, PASSWORD, Site, sign_in, sign_in_by_code};

#[tokio::test]
async fn a_person_signs_in_by_email_whatever_the_case() {
    let site = Site::new().await;
    site.user("usr_hanako", Some("Hanako@example.com"), None)
        .await;
    let browser = site.browser();
    let answer = sign_in(&browser, "hanako@EXAMPLE.com", PASSWORD).await.ok();
    assert_eq!(answer.json()["must_replace_password"], false);
    assert!(answer.json()["csrf"].as_str().unwrap().len() > 20);

    let home = browser.get("/welcome").await;
    home.shows(&["田中 花子", "みどり&#60;商事&#62;"]);
}

#[tokio::test]
async fn a_person_signs_in_by_company_code_and_employee_code() {
    let site = Site::new().await;
    site.user("usr_hanako", None, Some("-0012")).await;
    let page = site.get("/sign-in?company_code=MIDORI").await;
    page.shows(&[r#"name="company_code" value="MIDORI""#]);
    let fields = [
        ("company_code", "midori"),
        ("employee_code", "\u{A0}\u{2002}-0012"),
        ("password", PASSWORD),
    ];
    assert_eq!(site.form("/sign-in", &fields).await.location(), "/");
}

#[tokio::test]
async fn nobody_learns_from_the_answer_whether_an_account_exists() {
    let site = Site::with_hanako().await;
    site.user("usr_sso", Some("sso@example.com"), None).await;
    let to_sso = |user: &mut User| user.login_method = LoginMethod::Sso;
    site.env.change_user("usr_sso", to_sso).await;
    let initial = site.registered().await;
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
    advance(INITIAL_PASSWORD_LIFE);
    answers.push(sign_in_by_code(&site.browser(), &initial).await);

    for answer in &answers {
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        assert_eq!(answer.text, answers[0].text);
        assert!(!answer.headers.contains_key("set-cookie"));
    }
}

#[tokio::test]
async fn over_the_api_one_account_is_named_in_one_of_two_ways() {
    let site = Site::new().await;
    site.user("usr_hanako", Some(HANAKO), Some("0012")).await;
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
    answer.shows(&["ログインできませんでした", "a@example.com"]);
    answer.shows_no(&["geheim"]);
    let empty = site.form("/sign-in", &[("password", "x")]).await;
    assert_eq!(empty.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn another_sites_page_cannot_sign_a_browser_in() {
    let site = Site::with_hanako().await;
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
    let (_site, browser) = Site::with_hanako_signed_in().await;

    let forged = Request::post("/sign-out").form(&[("csrf", "x")]);
    let forged = browser.send_without_csrf(forged).await;
    assert_eq!(forged.status, StatusCode::FORBIDDEN);
    assert_eq!(browser.get("/welcome").await.status, StatusCode::OK);

    let before = browser.clone();
    let out = browser.form("/sign-out", &[]).await;
    assert_eq!(out.location(), "/sign-in");
    assert_eq!(out.headers["clear-site-data"], r#""storage""#);
    assert_eq!(browser.session().cookie, "");
    assert_eq!(before.get("/welcome").await.location(), "/sign-in");
}

#[tokio::test]
async fn a_session_ends_after_two_unused_hours() {
    let (_site, browser) = Site::with_hanako_signed_in().await;
    for _ in 0..3 {
        advance(SignedDuration::from_mins(90));
        assert_eq!(browser.get("/welcome").await.status, StatusCode::OK);
    }
    advance(SignedDuration::from_mins(121));
    assert_eq!(browser.get("/welcome").await.location(), "/sign-in");
}

#[tokio::test]
async fn signing_in_again_ends_the_browsers_old_session() {
    let (_site, browser) = Site::with_hanako_signed_in().await;
    let before = browser.clone();
    sign_in(&browser, HANAKO, PASSWORD).await.ok();
    assert_ne!(before.session().cookie, browser.session().cookie);
    assert_eq!(before.get("/welcome").await.location(), "/sign-in");
    assert_eq!(browser.get("/welcome").await.status, StatusCode::OK);
}

#[tokio::test]
async fn only_admins_are_shown_the_way_to_the_connection() {
    let (site, browser) = Site::with_hanako_signed_in().await;
    browser.get("/welcome").await.shows_no(&["SmartHR"]);
    let promote = |user: &mut User| user.role = Role::Administrator;
    site.env.change_user("usr_hanako", promote).await;
    browser.get("/welcome").await.shows(&["SmartHR"]);
}

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let site = Site::new().await;
    for path in ["/sign-in", "/invitations/x", "/nowhere", "/welcome"] {
        let answer = site.get(path).await;
        assert_eq!(answer.header("referrer-policy"), "same-origin", "{path}");
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        assert!(answer.headers.contains_key("content-security-policy"));
        assert!(!answer.text.contains("<script>") && !answer.text.contains("style="));
    }
}

#[tokio::test]
async fn browsers_keep_the_stylesheet_for_a_year_under_the_address_that_changes_with_it() {
    let site = Site::new().await;
    let page = site.get("/sign-in").await.text;
    let (_, rest) = page.split_once("<link rel=\"stylesheet\" href=\"").unwrap();
    let (address, _) = rest.split_once('"').unwrap();
    let style = site.get(address).await.ok();
    assert_eq!(style.header("content-type"), "text/css; charset=utf-8");
    assert_eq!(
        style.header("cache-control"),
        "public, max-age=31536000, immutable"
    );
    let of_another_version = site.get("/assets/console.css?v=1").await.ok();
    assert_eq!(
        of_another_version.header("cache-control"),
        "public, max-age=300"
    );
    let unknown = site.get("/assets/nothing.css").await;
    assert_eq!(unknown.status, 404);
}

#[tokio::test]
async fn a_sign_in_with_an_emergency_account_is_mailed_and_in_the_audit_trail() {
    let site = Site::new().await;
    site.user("usr_boss", Some("boss@example.jp"), None).await;
    let emergency = |user: &mut User| {
        user.role = Role::SystemAdministrator;
        user.is_emergency_account = true;
    };
    site.env.change_user("usr_boss", emergency).await;
    let id = &site.env.workspace.workspace_id;
    let fields = [("email", "boss@example.jp"), ("password", PASSWORD)];
    let entered = site.browser().form("/sign-in", &fields).await;
    assert_eq!(entered.location(), "/");
    let mails = site.env.store.waiting_mails(id).await.unwrap();
    assert!(mails[0].starts_with("emergency-sign-in#usr_boss"));
    assert_eq!(mails.len(), 1);
    let filter = AuditFilter {
        action: Some(AuditAction::EmergencySignIn),
        person: None,
    };
    let events = site.env.store.audit_events(id, &filter, None, 9);
    assert_eq!(events.await.unwrap().len(), 1);
}

#[tokio::test]
async fn somebody_who_wanted_a_page_is_led_there_after_signing_in_and_never_elsewhere() {
    let site = Site::with_hanako().await;
    let wanted = "/users?q=%E7%94%B0";
    let page = site
        .get("/sign-in?return_to=%2Fusers%3Fq%3D%25E7%2594%25B0")
        .await;
    page.shows(&[
        "表示するには、ログインしてください",
        "value=\"/users?q=%E7%94%B0\"",
    ]);
    let page = site.get("/sign-in?return_to=https://evil.example/").await;
    page.shows_no(&["evil.example", "表示するには"]);
    for (return_to, led_to) in [
        (wanted, wanted),
        ("//evil.example", "/"),
        ("/.//evil.example", "/"),
        ("", "/"),
    ] {
        let fields = [
            ("email", HANAKO),
            ("password", PASSWORD),
            ("return_to", return_to),
        ];
        let entered = site.form("/sign-in", &fields).await;
        assert_eq!(entered.location(), led_to);
    }
}

#[tokio::test]
async fn what_is_typed_on_a_japanese_keyboard_signs_in() {
    let site = Site::new().await;
    site.user("usr_taro", Some("taro@example.jp"), Some("A0-1"))
        .await;
    site.user("usr_jiro", None, Some("b7")).await;
    site.user("usr_b7", None, Some("B7")).await;
    site.user("usr_mixed", None, Some("Cd-9x")).await;
    for code in [
        "A0-1",
        "Ａ０－１",
        "A0‐1",
        "A0ー1",
        "a0-1",
        "\u{FEFF}A0-1\u{200B}",
        "B7",
        "b7",
        "ｂ７",
        "cd-9x",
        "CD-9X",
        "cD-9X",
        "ｃｄ－９ｘ",
    ] {
        for company in ["MIDORI", "ＭＩＤＯＲＩ", "midori\u{3000}"] {
            let fields = [
                ("company_code", company),
                ("employee_code", code),
                ("password", PASSWORD),
            ];
            let entered = site.form("/sign-in", &fields).await;
            assert_eq!(entered.location(), "/", "{company} {code}");
        }
    }
    for email in [
        "ｔａｒｏ＠example.jp",
        " TARO@example.jp\u{202C}",
        "taro@example。jp",
    ] {
        let fields = [("email", email), ("password", PASSWORD)];
        let entered = site.form("/sign-in", &fields).await;
        assert_eq!(entered.location(), "/", "{email}");
    }
    let wide = "ｈａｓｈｉｒｕ-neko-42";
    let refused = site.sign_in("taro@example.jp", wide).await;
    assert_eq!(
        refused.status,
        StatusCode::UNAUTHORIZED,
        "a password of one's own is not folded"
    );
}

#[tokio::test]
async fn a_code_that_several_people_have_in_other_cases_has_to_be_typed_as_it_is() {
    let site = Site::new().await;
    for (id, code) in [
        ("usr_1", "Ab-1"),
        ("usr_2", "aB-1"),
        ("usr_3", "Ef"),
        ("usr_4", "EF"),
    ] {
        site.user(id, None, Some(code)).await;
    }
    let sign_in = async |code: &str| {
        let body = json!({"company_code": "MIDORI", "employee_code": code, "password": PASSWORD});
        site.browser().post("/api/v1/sign-in", body).await
    };
    for code in ["Ab-1", "aB-1", "Ef", "EF", "Ｅｆ"] {
        sign_in(code).await.ok();
    }
    let unknown = sign_in("nobody").await;
    assert_eq!(unknown.status, StatusCode::UNAUTHORIZED);
    for code in ["ab-1", "AB-1", "ef", "eF"] {
        let refused = sign_in(code).await;
        assert_eq!(
            (refused.status, &refused.text),
            (unknown.status, &unknown.text),
            "{code}"
        );
    }
}

#[tokio::test]
async fn people_sign_in_although_an_attribute_of_their_workspace_cannot_be_read() {
    for attribute in ["seats", "second_factor_required_since", "groups"] {
        let site = Site::with_hanako().await;
        site.env.corrupt_record("profile", attribute).await;
        let browser = site.browser();
        sign_in(&browser, HANAKO, PASSWORD).await.ok();
        for page in ["/welcome", "/account"] {
            browser.get(page).await.ok().shows(&["田中 花子"]);
        }
    }
}
