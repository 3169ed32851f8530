use axum::Router;
use domain::{Credential, INITIAL_PASSWORD_LIFE, LoginMethod, User};
use http_client::{Answer, Browser, Request, StatusCode};
use jiff::SignedDuration;
use serde_json::json;
use testkit::{advance, now};

use super::site::{PASSWORD, Site};

const NEW: &str = "aoi-sora-to-umi";

async fn sign_in_form(browser: &Browser<Router>, password: &str) -> Answer {
    let fields = [
        ("company_code", "MIDORI"),
        ("employee_code", "0012"),
        ("password", password),
    ];
    browser.form("/sign-in", &fields).await
}

async fn change(browser: &Browser<Router>, new: &str, current: Option<&str>) -> Answer {
    let body = json!({"new_password": new, "current_password": current});
    browser.post("/api/v1/password", body).await
}

#[tokio::test]
async fn an_initial_password_must_be_replaced_at_the_first_sign_in() {
    let site = Site::new().await;
    let initial = site.registered().await;
    let browser = site.browser();
    let entered = sign_in_form(&browser, &initial.to_uppercase()).await;
    assert_eq!(entered.location(), "/first-login");
    assert_eq!(browser.get("/welcome").await.location(), "/first-login");

    browser.get("/first-login").await;
    let before = browser.clone();
    let set = async |password: &str| {
        let fields = [("password", password), ("password_confirmation", password)];
        browser.form("/first-login", &fields).await
    };
    let same = set(&initial).await;
    assert_eq!(same.status, StatusCode::UNPROCESSABLE_ENTITY);
    same.shows(&["初期パスワードとは別"]);
    assert_eq!(site.env.last_sign_in("usr_registered").await, None);
    let answer = set(NEW).await;
    assert_eq!(site.env.last_sign_in("usr_registered").await, Some(now()));
    assert_eq!(answer.location(), "/welcome");
    assert_ne!(browser.session().cookie, before.session().cookie);

    let welcome = browser.follow(&answer).await;
    welcome.shows(&["登録が完了しました"]);
    assert_eq!(before.get("/welcome").await.location(), "/sign-in");
    let stored = site.env.user("usr_registered").await;
    assert_eq!(stored.credential, Credential::Password);
    let used_up = sign_in_form(&site.browser(), &initial).await;
    assert_eq!(used_up.status, StatusCode::UNAUTHORIZED);
    assert_eq!(sign_in_form(&site.browser(), NEW).await.location(), "/");
}

#[tokio::test]
async fn the_initial_password_is_replaced_over_the_api_as_well() {
    let site = Site::new().await;
    let initial = site.registered().await;
    let browser = site.signed_in_by_code(&initial).await;

    let forged = Request::post("/api/v1/password").json(&json!({"new_password": NEW}));
    let forged = browser.send_without_csrf(forged.csrf("x")).await;
    assert_eq!(forged.status, StatusCode::FORBIDDEN);
    let weak = change(&browser, "12345678901", None).await;
    assert_eq!(weak.problem(), "password_refused");
    change(&browser, NEW, None).await.ok();
    assert_eq!(browser.get("/welcome").await.status, StatusCode::OK);
}

#[tokio::test]
async fn an_initial_password_that_ran_out_is_not_replaced_through_a_session_from_before() {
    let site = Site::new().await;
    let initial = site.registered().await;
    advance(INITIAL_PASSWORD_LIFE - SignedDuration::from_mins(1));
    let browser = site.signed_in_by_code(&initial).await;
    advance(SignedDuration::from_mins(1));
    let answer = change(&browser, NEW, None).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn of_two_who_replace_an_initial_password_at_once_one_succeeds() {
    let site = Site::new().await;
    let initial = site.registered().await;
    let one = site.signed_in_by_code(&initial).await;
    let two = site.signed_in_by_code(&initial).await;
    let (one, two) = tokio::join!(change(&one, NEW, None), change(&two, NEW, None));
    let mut statuses = [one.status, two.status];
    statuses.sort();
    assert_eq!(statuses, [StatusCode::OK, StatusCode::UNAUTHORIZED]);
}

#[tokio::test]
async fn a_password_of_ones_own_is_changed_with_the_current_one_and_ends_other_sessions() {
    let (site, elsewhere) = Site::with_hanako_signed_in().await;
    let browser = site.signed_in().await;
    for wrong in [None, Some("wrong")] {
        let answer = change(&browser, NEW, wrong).await;
        assert_eq!(answer.problem(), "current_password_wrong");
    }
    let same = change(&browser, PASSWORD, Some(PASSWORD)).await;
    assert_eq!(same.status, StatusCode::UNPROCESSABLE_ENTITY);
    let before = browser.clone();
    change(&browser, NEW, Some(PASSWORD)).await.ok();

    assert_eq!(elsewhere.get("/welcome").await.location(), "/sign-in");
    assert_eq!(before.get("/welcome").await.location(), "/sign-in");
    assert_eq!(browser.get("/welcome").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_browser_left_signed_in_is_not_enough_to_guess_the_password() {
    let (_site, browser) = Site::with_hanako_signed_in().await;
    for _ in 0..5 {
        change(&browser, NEW, Some("wrong")).await;
    }
    let answer = change(&browser, NEW, Some("wrong")).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn sso_people_have_no_password_to_set() {
    let (site, browser) = Site::with_hanako_signed_in().await;
    let to_sso = |user: &mut User| user.login_method = LoginMethod::Sso;
    site.env.change_user("usr_hanako", to_sso).await;
    let answer = change(&browser, NEW, Some(PASSWORD)).await;
    assert_eq!(answer.problem(), "single_sign_on");
}
