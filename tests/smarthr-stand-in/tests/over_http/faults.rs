//! Failures on order.

use reqwest::Method;
use serde_json::{Value, json};

use crate::client::TestClient;

#[tokio::test]
async fn a_status_is_injected_as_often_as_asked_and_only_under_its_path() {
    let client = TestClient::logged_in().await;
    let fault = json!({
        "path": "/api/v1/crews", "count": 2, "status": 503, "headers": {"Retry-After": "7"},
    });
    client.inject(&fault).await;
    client.read("/companies").await;
    for _ in 0..2 {
        let answer = client.get("/crews").await;
        assert_eq!(answer.status(), 503);
        assert_eq!(answer.headers()["retry-after"], "7");
        let body: Value = answer.json().await.unwrap();
        assert_eq!(body["type"], "service_maintenance");
    }
    client.read("/crews").await;
}

#[tokio::test]
async fn a_fault_without_a_count_stays_until_it_is_cleared() {
    let client = TestClient::logged_in().await;
    let fault = json!({"path": "/api", "status": 502, "body": "<html>Bad Gateway</html>"});
    client.inject(&fault).await;
    for _ in 0..3 {
        let answer = client.get("/crews").await;
        assert_eq!(answer.status(), 502);
        assert_eq!(answer.text().await.unwrap(), "<html>Bad Gateway</html>");
    }
    client.control("DELETE /faults", &Value::Null).await;
    client.read("/crews").await;
}

#[tokio::test]
async fn a_fault_can_wait_for_the_second_page_and_for_one_method() {
    let client = TestClient::logged_in().await;
    let fault = json!({
        "path": "/api/v1/crews", "method": "GET", "after": 1, "count": 1, "status": 500,
    });
    client.inject(&fault).await;
    client.read("/crews?page=1").await;
    assert_eq!(client.get("/crews?page=2").await.status(), 500);
    client.read("/crews?page=2").await;
}

#[tokio::test]
async fn a_cut_answer_breaks_off_and_a_broken_one_does_not_parse() {
    let client = TestClient::logged_in().await;
    let cut = json!({"path": "/api/v1/crews", "count": 1, "cut": true});
    client.inject(&cut).await;
    let is_whole = match client.api(Method::GET, "/crews").send().await {
        Ok(answer) => answer.bytes().await.is_ok(),
        Err(_) => false,
    };
    assert!(!is_whole);

    let broken = json!({"path": "/api/v1/crews", "count": 1, "broken_json": true});
    client.inject(&broken).await;
    let text = client.get("/crews").await.text().await.unwrap();
    assert!(text.starts_with("[{") && serde_json::from_str::<Value>(&text).is_err());
}

#[tokio::test]
async fn requests_are_counted_even_when_they_fail() {
    let client = TestClient::logged_in().await;
    client.control("DELETE /requests", &Value::Null).await;
    let fault = json!({"path": "/api/v1/crews", "count": 1, "status": 500});
    client.inject(&fault).await;
    client.get("/crews?page=1").await;
    client.get("/crews?page=2").await;
    client.get("/users/me").await;
    let expected = json!({"GET /api/v1/crews": 2, "GET /api/v1/users/me": 1});
    assert_eq!(client.inspect("/requests").await, expected);
}
