//! Initial passwords in the wrong hands, or at the wrong time.

use jiff::SignedDuration;
use security::{Actor, Answer, Browser, NEW_PASSWORD, Places, Product};
use serde_json::json;

/// [初期パスワードを再発行]: returns the password that the システム管理者 gets by mail.
async fn issue(product: &Product, places: &Places, admin: &Browser<'_>) -> String {
    let (env, user) = (&product.env, &places.by_code);
    let path = format!("/api/v1/users/{}/initial-password", user.user_id);
    let answer = admin.post(&path, json!({})).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    while let Some(mail) = env.next_mail() {
        env.deliver(&mail).await.unwrap();
    }
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
async fn an_initial_password_that_was_issued_anew_ends_the_one_before_and_whoever_came_in_with_it()
{
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
        let mut refusals = Vec::new();
        for _ in 0..6 {
            let (_, answer) = sign_in(&product, places, "k7qm-2xpa-9trc-w4hd-5nbe").await;
            refusals.push(answer);
        }
        let statuses: Vec<u16> = refusals.iter().map(|it| it.status.as_u16()).collect();
        assert_eq!(statuses, [401, 401, 401, 401, 401, 429]);
        assert_eq!(refusals[0].text, refusals[4].text);
    }
}
