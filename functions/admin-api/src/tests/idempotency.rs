//! Requests that are sent twice with one Idempotency-Key.

use domain::Role;
use jiff::SignedDuration;
use serde_json::json;
use testkit::http::{Answer, Request};
use testkit::users::{by_code, invited};

use super::console::{Browser, Console, administrator, system_administrator};

const INVITATION: &str = "/api/v1/users/a/invitation";
const INVITATIONS: &str = "/api/v1/users/invitations";
const RUNS: &str = "/api/v1/runs";

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
    for (path, key) in [(RUNS, "runs"), ("/api/v1/previews", "previews")] {
        let first = post(&browser, path, key, "").await;
        assert_eq!((first.status.as_u16(), messages(&console)), (202, 1));
        let second = post(&browser, path, key, "").await;
        assert_eq!((second.status.as_u16(), messages(&console)), (202, 0));
        assert_eq!(second.json(), first.json());
        assert_eq!(second.header("content-type"), "application/json");
    }
}

#[tokio::test]
async fn people_who_are_invited_twice_under_one_key_get_one_mail() {
    let (console, browser) = administrator().await;
    for id in ["a", "b"] {
        console.env.add_user(invited(id)).await;
    }
    let body = json!({"user_ids": ["a", "b", "nobody"]}).to_string();
    let first = post(&browser, INVITATIONS, "k-1", &body).await;
    assert_eq!(first.json()["invited"], json!(["a", "b"]));
    assert_eq!(messages(&console), 2);
    let second = post(&browser, INVITATIONS, "k-1", &body).await;
    assert_eq!(second.json(), first.json());
    assert_eq!(messages(&console), 0);
    let serial = console.env.user("a").await.serial;
    assert_eq!(serial, 1, "the first link still works");
}

#[tokio::test]
async fn an_initial_password_is_issued_once_under_one_key_and_again_under_another() {
    let (console, browser) = system_administrator().await;
    console.env.add_user(by_code("c", "0012")).await;
    let path = "/api/v1/users/c/initial-password";
    for (key, serial) in [("k-1", 1), ("k-1", 1), ("k-2", 2)] {
        post(&browser, path, key, "").await.ok();
        assert_eq!(console.env.user("c").await.serial, serial, "{key}");
        testkit::advance(SignedDuration::from_secs(1));
    }
}

#[tokio::test]
async fn a_key_stands_for_one_request_of_one_person() {
    let (console, browser) = administrator().await;
    let other = console.browser(Role::SystemAdministrator).await;
    console.env.add_user(invited("a")).await;
    let body = json!({"user_ids": ["a"]}).to_string();
    post(&browser, INVITATIONS, "k", &body).await.ok();

    let another = json!({"user_ids": ["b"]}).to_string();
    for (path, body) in [(INVITATIONS, &*another), (RUNS, "")] {
        let answer = post(&browser, path, "k", body).await;
        answer.is_refused(422, "idempotency_key_reused");
    }
    let answer = post(&other, RUNS, "k", "").await;
    assert_eq!(answer.status, 202, "somebody else's key");
}

#[tokio::test]
async fn what_was_refused_can_be_tried_again_under_the_same_key() {
    let (console, browser) = administrator().await;
    let answer = post(&browser, INVITATION, "k", "").await;
    assert_eq!(answer.status, 404);
    console.env.add_user(invited("a")).await;
    post(&browser, INVITATION, "k", "").await.ok();
}

#[tokio::test]
async fn a_request_whose_function_dies_is_finished_later_without_a_second_link() {
    let (console, browser) = administrator().await;
    console.env.add_user(invited("a")).await;
    // The first request crashes after its mail is written and before its response is stored.
    let held = console.env.proxy.hold_operation("SendMessageBatch", 0);
    tokio::select! {
        _ = post(&browser, INVITATION, "k", "") => panic!("it was held"),
        () = console.env.proxy.held() => {}
    }
    drop(held);
    let answer = post(&browser, INVITATION, "k", "").await;
    answer.is_refused(409, "request_under_way");
    assert!(answer.headers.contains_key("retry-after"));

    testkit::advance(SignedDuration::from_secs(40));
    post(&browser, INVITATION, "k", "").await.ok();
    let serial = console.env.user("a").await.serial;
    assert_eq!(serial, 1, "the link that was mailed works");
}

#[tokio::test]
async fn a_malformed_key_is_refused() {
    let (console, browser) = administrator().await;
    for key in ["", " ", "\"\"", "a b", &"x".repeat(256)] {
        let answer = post(&browser, RUNS, key, "").await;
        answer.is_refused(400, "bad_idempotency_key");
    }
    assert_eq!(messages(&console), 0);
}
