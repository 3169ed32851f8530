//! Requests that are sent twice with one Idempotency-Key.

use axum::http::StatusCode;
use domain::Role;
use jiff::SignedDuration;
use serde_json::json;
use testkit::http::{Answer, Request};

use super::console::{Browser, Console, administrator, by_code, invited, system_administrator};

async fn post(browser: &Browser, path: &str, key: &str, body: &str) -> Answer {
    let request = Request::post(path).header("idempotency-key", key);
    browser.send(request.json_text(body)).await
}

fn messages(console: &Console) -> usize {
    std::iter::from_fn(|| console.env.services.take_message()).count()
}

#[tokio::test]
async fn a_run_that_is_asked_for_twice_under_one_key_is_started_once() {
    let (console, browser) = administrator().await;
    for path in ["/api/v1/runs", "/api/v1/previews"] {
        let first = post(&browser, path, path.rsplit_once('/').unwrap().1, "").await;
        assert_eq!(first.status, StatusCode::ACCEPTED);
        assert_eq!(messages(&console), 1);
        let second = post(&browser, path, path.rsplit_once('/').unwrap().1, "").await;
        assert_eq!(second.status, StatusCode::ACCEPTED);
        assert_eq!(second.json(), first.json());
        assert_eq!(second.headers["content-type"], "application/json");
        assert_eq!(messages(&console), 0, "nothing was started anew");
    }
}

#[tokio::test]
async fn people_who_are_invited_twice_under_one_key_get_one_mail() {
    let (console, browser) = administrator().await;
    for id in ["a", "b"] {
        console.create(invited(id)).await;
    }
    let body = json!({"user_ids": ["a", "b", "nobody"]}).to_string();
    let path = "/api/v1/users/invitations";
    let first = post(&browser, path, "k-1", &body).await;
    assert_eq!(first.json()["invited"], json!(["a", "b"]));
    assert_eq!(messages(&console), 2);
    let second = post(&browser, path, "k-1", &body).await;
    assert_eq!(second.json(), first.json());
    assert_eq!(messages(&console), 0);
    assert_eq!(
        console.stored("a").await.serial,
        1,
        "the first link still works"
    );
}

#[tokio::test]
async fn an_initial_password_is_issued_once_under_one_key_and_anew_under_another() {
    let (console, browser) = system_administrator().await;
    console.create(by_code("c", "0012")).await;
    let path = "/api/v1/users/c/initial-password";
    for (key, serial) in [("k-1", 1), ("k-1", 1), ("k-2", 2)] {
        let answer = post(&browser, path, key, "").await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(console.stored("c").await.serial, serial, "{key}");
    }
}

#[tokio::test]
async fn a_key_stands_for_one_request_of_one_person() {
    let (console, browser) = administrator().await;
    let other = console.browser(Role::SystemAdministrator).await;
    console.create(invited("a")).await;
    let path = "/api/v1/users/invitations";
    let body = json!({"user_ids": ["a"]}).to_string();
    assert_eq!(
        post(&browser, path, "k", &body).await.status,
        StatusCode::OK
    );

    let another = json!({"user_ids": ["b"]}).to_string();
    let answer = post(&browser, path, "k", &another).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answer.problem(), "idempotency_key_reused");
    let answer = post(&browser, "/api/v1/runs", "k", "").await;
    assert_eq!(answer.problem(), "idempotency_key_reused");

    let answer = post(&other, "/api/v1/runs", "k", "").await;
    assert_eq!(answer.status, StatusCode::ACCEPTED, "somebody else's key");
}

#[tokio::test]
async fn what_was_refused_can_be_tried_again_under_the_same_key() {
    let (console, browser) = administrator().await;
    let path = "/api/v1/users/a/invitation";
    let answer = post(&browser, path, "k", "").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    console.create(invited("a")).await;
    assert_eq!(post(&browser, path, "k", "").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_request_whose_function_dies_is_not_carried_out_beside_it_and_then_finished_without_a_second_link()
 {
    let (console, browser) = administrator().await;
    console.create(invited("a")).await;
    let path = "/api/v1/users/a/invitation";
    // The first request crashes after its mail is written and before its response is stored.
    let held = console.env.proxy.hold_operation("SendMessageBatch", 0);
    tokio::select! {
        _ = post(&browser, path, "k", "") => panic!("it was held"),
        () = console.env.proxy.held() => {}
    }
    drop(held);
    let answer = post(&browser, path, "k", "").await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert_eq!(answer.problem(), "request_under_way");
    assert!(answer.headers.contains_key("retry-after"));

    testkit::advance(SignedDuration::from_secs(40));
    assert_eq!(post(&browser, path, "k", "").await.status, StatusCode::OK);
    assert_eq!(
        console.stored("a").await.serial,
        1,
        "the link that was mailed works"
    );
}

#[tokio::test]
async fn a_key_that_is_none_is_refused() {
    let (console, browser) = administrator().await;
    for key in ["", " ", "\"\"", "a b", &"x".repeat(256)] {
        let answer = post(&browser, "/api/v1/runs", key, "").await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{key}");
        assert_eq!(answer.problem(), "bad_idempotency_key");
    }
    assert_eq!(messages(&console), 0);
}
