//! Initial passwords in the wrong hands, or at the wrong time.

use std::collections::BTreeSet;

use jiff::SignedDuration;
use security::{Actor, Answer, Browser, NEW_PASSWORD, Places, Product};
use serde_json::json;

/// [初期パスワードを再発行]: returns the password that the システム管理者 gets by mail.
async fn issue(product: &Product, places: &Places, admin: &Browser<'_>) -> String {
    let (env, user) = (&product.env, &places.by_code);
    let path = format!("/api/v1/users/{}/initial-password", user.user_id);
    testkit::advance(SignedDuration::from_secs(1));
    admin.post(&path, json!({})).await.ok();
    env.deliver_queued_mails().await;
    let arrived = env.initial_passwords();
    arrived[&user.name].last().unwrap().clone()
}

/// Signs in with an initial password; returns the browser too.
async fn sign_in<'a>(
    product: &'a Product,
    places: &Places,
    password: &str,
) -> (Browser<'a>, Answer) {
    let browser = product.browser();
    let code = places.by_code.code.as_ref().unwrap().as_str();
    let body = json!({"company_code": "test", "employee_code": code, "password": password});
    let answer = browser.post("/api/v1/sign-in", body).await;
    (browser, answer)
}

async fn is_refused(product: &Product, places: &Places, password: &str) {
    let (_, answer) = sign_in(product, places, password).await;
    assert_eq!(answer.status, 401);
}

async fn replace(browser: &Browser<'_>) -> u16 {
    let body = json!({"new_password": NEW_PASSWORD});
    let answer = browser.post("/api/v1/password", body).await;
    answer.status.as_u16()
}

#[tokio::test]
async fn a_new_initial_password_ends_the_one_before_and_the_sessions_that_began_with_it() {
    let (product, places) = Places::set_up().await;
    let admin = product.browser_of(Actor::SystemAdministrator).await;
    let first = issue(&product, &places, &admin).await;
    let (early_bird, answer) = sign_in(&product, &places, &first).await;
    assert_eq!(answer.json()["must_replace_password"], true);

    let second = issue(&product, &places, &admin).await;
    assert_eq!(replace(&early_bird).await, 401);
    is_refused(&product, &places, &first).await;
    let (browser, _) = sign_in(&product, &places, &second).await;
    assert_eq!(replace(&browser).await, 200);
    is_refused(&product, &places, &second).await;
}

#[tokio::test]
async fn an_initial_password_is_worth_nothing_once_its_person_retired() {
    let (product, places) = Places::set_up().await;
    let admin = product.browser_of(Actor::SystemAdministrator).await;
    let password = issue(&product, &places, &admin).await;
    let (browser, answer) = sign_in(&product, &places, &password).await;
    assert_eq!(answer.status, 200);
    product.retire(&places.by_code).await;
    testkit::advance(SignedDuration::from_hours(1));
    product.env.nightly_run().await;
    is_refused(&product, &places, &password).await;
    assert_eq!(replace(&browser).await, 401);
}

#[tokio::test]
async fn initial_passwords_are_guessed_no_faster_than_others_also_of_codes_that_nobody_has() {
    let (product, places) = Places::set_up().await;
    let mut nobody = places.clone();
    nobody.by_code.code = domain::EmployeeCode::parse("99999");
    for places in [&places, &nobody] {
        let mut texts = BTreeSet::new();
        for status in [401, 401, 401, 401, 401, 429] {
            let (_, answer) = sign_in(&product, places, "k7qm-2xpa-9trc-w4hd-5nbe").await;
            assert_eq!(answer.status, status);
            texts.insert(answer.text);
        }
        assert_eq!(texts.len(), 2, "{texts:?}");
    }
}
