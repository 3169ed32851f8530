//! Initial passwords in the wrong hands, or at the wrong time.

use jiff::SignedDuration;
use security::{Actor, Answer, Call, NEW_PASSWORD, Places, Product, Session};
use serde_json::json;

/// [初期パスワードを再発行]: gives the password that the mail to the システム管理者 brings.
async fn issue(product: &Product, places: &Places, admin: &Session) -> String {
    let (env, user) = (&product.env, &places.by_code);
    let path = format!("/api/v1/users/{}/initial-password", user.user_id);
    let call = Call::new("POST", &path).from(admin);
    let answer = product.call(call.json(&json!({}), &admin.csrf)).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    while let Some(mail) = env.next_mail() {
        env.deliver(&mail).await.unwrap();
    }
    let arrived = env.initial_passwords();
    arrived[&user.name].last().unwrap().clone()
}

async fn sign_in(product: &Product, places: &Places, password: &str) -> Answer {
    let code = places.by_code.code.as_ref().unwrap().as_str();
    let body = json!({"company_code": "test", "employee_code": code, "password": password});
    product
        .call(Call::new("POST", "/api/v1/sign-in").json(&body, ""))
        .await
}

async fn replace(product: &Product, entered: &Answer) -> Answer {
    let session = Session::begun_by(entered, "");
    let call = Call::new("POST", "/api/v1/password").from(&session);
    let body = json!({"new_password": NEW_PASSWORD});
    product.call(call.json(&body, &session.csrf)).await
}

#[tokio::test]
async fn an_initial_password_that_was_issued_anew_ends_the_one_before_and_whoever_came_in_with_it()
{
    let (product, places) = Places::set_up().await;
    let admin = product.come_as(Actor::SystemAdministrator).await;
    let first = issue(&product, &places, &admin).await;
    let early_bird = sign_in(&product, &places, &first).await;
    assert_eq!(early_bird.json()["must_replace_password"], true);

    let second = issue(&product, &places, &admin).await;
    assert_eq!(replace(&product, &early_bird).await.status, 401);
    assert_eq!(sign_in(&product, &places, &first).await.status, 401);
    let entered = sign_in(&product, &places, &second).await;
    assert_eq!(replace(&product, &entered).await.status, 200);
    assert_eq!(sign_in(&product, &places, &second).await.status, 401);
}

#[tokio::test]
async fn an_initial_password_is_worth_nothing_once_its_person_retired() {
    let (product, places) = Places::set_up().await;
    let admin = product.come_as(Actor::SystemAdministrator).await;
    let password = issue(&product, &places, &admin).await;
    let entered = sign_in(&product, &places, &password).await;
    assert_eq!(entered.status, 200);
    product.retire(&places.by_code).await;
    testkit::advance(SignedDuration::from_hours(1));
    product.env.night().await;
    assert_eq!(sign_in(&product, &places, &password).await.status, 401);
    assert_eq!(replace(&product, &entered).await.status, 401);
}

#[tokio::test]
async fn initial_passwords_are_guessed_no_faster_than_others_also_of_codes_that_nobody_has() {
    let (product, places) = Places::set_up().await;
    let mut nobody = places.clone();
    nobody.by_code.code = domain::EmployeeCode::parse("99999");
    for places in [&places, &nobody] {
        let mut refusals = Vec::new();
        for _ in 0..6 {
            refusals.push(sign_in(&product, places, "k7qm-2xpa-9trc-w4hd-5nbe").await);
        }
        let statuses: Vec<u16> = refusals.iter().map(|it| it.status.as_u16()).collect();
        assert_eq!(statuses, [401, 401, 401, 401, 401, 429]);
        assert_eq!(refusals[0].text, refusals[4].text);
    }
}
