//! Access rules of every route that the OpenAPI document lists.

use axum::http::StatusCode;
use domain::{Role, UserId};
use serde_json::{Value, json};
use testkit::http::Request;

use super::console::{Console, administrator, system_administrator};

/// Returns every operation of this function as its method and its path with an id filled in.
/// Operations tagged `sign-in` are omitted because first-login serves them.
async fn operations(console: &Console) -> Vec<(String, String)> {
    let document = document(console).await;
    let paths = document["paths"].as_object().unwrap();
    let operations = paths.iter().flat_map(|(path, item)| {
        let path = path.replace("{id}", "some-id");
        let operations = item.as_object().unwrap().iter();
        operations
            .filter(|(_, operation)| operation["tags"] != json!(["sign-in"]))
            .map(move |(method, _)| (method.to_uppercase(), path.clone()))
    });
    operations.collect()
}

async fn document(console: &Console) -> Value {
    console.stranger().get("/openapi.json").await.ok().json()
}

#[tokio::test]
async fn the_openapi_document_is_3_1_and_always_the_same_and_names_each_operation_once() {
    let console = Console::open().await;
    let once = document(&console).await;
    assert!(once["openapi"].as_str().unwrap().starts_with("3.1"));
    assert_eq!(once, document(&Console::open().await).await);
    let mut names: Vec<&str> = once["paths"]
        .as_object()
        .unwrap()
        .values()
        .flat_map(|item| item.as_object().unwrap().values())
        .map(|operation| operation["operationId"].as_str().unwrap())
        .collect();
    let all = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), all);
    assert_eq!(all, 28);
}

#[tokio::test]
async fn nobody_gets_anywhere_without_a_session() {
    let console = Console::open().await;
    for (method, path) in operations(&console).await {
        let answer = console.stranger().send(Request::new(&method, &path)).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{method} {path}");
        assert_eq!(answer.problem(), "not_signed_in");
    }
}

#[tokio::test]
async fn no_write_goes_through_without_the_csrf_token() {
    let (console, browser) = system_administrator().await;
    let before = console.env.store.connection(console.id()).await.unwrap();
    for (method, path) in operations(&console).await {
        if method != "GET" {
            let answer = browser
                .send_without_csrf(Request::new(&method, &path).json(&Value::Null))
                .await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{method} {path}");
            assert_eq!(answer.problem(), "csrf");
        }
    }
    let after = console.env.store.connection(console.id()).await.unwrap();
    assert_eq!(after, before);
}

#[tokio::test]
async fn staff_and_members_may_look_at_the_link_and_at_nothing_else() {
    let console = Console::open().await;
    for role in [Role::Staff, Role::Member] {
        let browser = console.browser(role).await;
        for (method, path) in operations(&console).await {
            let answer = browser
                .send(Request::new(&method, &path).json(&Value::Null))
                .await;
            let may =
                method == "GET" && ["/api/v1/session", "/api/v1/integration"].contains(&&*path);
            if may {
                assert_eq!(answer.status, StatusCode::OK, "{method} {path}");
                assert_eq!(answer.json()["can_manage"], false);
            } else {
                assert_eq!(answer.status, StatusCode::FORBIDDEN, "{method} {path}");
                assert_eq!(answer.problem(), "forbidden");
            }
        }
    }
}

#[tokio::test]
async fn whoever_has_to_replace_an_initial_password_learns_that_and_nothing_else() {
    let console = Console::open().await;
    console.user("new", Role::Administrator).await;
    let browser = console.signed_in(&UserId::new("new"), true).await;
    for (method, path) in operations(&console).await {
        let answer = browser
            .send(Request::new(&method, &path).json(&Value::Null))
            .await;
        if path == "/api/v1/session" {
            assert_eq!(answer.json()["must_replace_password"], true);
            assert_eq!(answer.json()["can_manage"], false);
        } else {
            assert_eq!(answer.problem(), "password_must_be_replaced", "{path}");
        }
    }
}

#[tokio::test]
async fn what_does_not_exist_is_not_found_whatever_its_id_looks_like() {
    let (_console, browser) = administrator().await;
    let foreign = [
        "unknown",
        "%20",
        "%ff",
        "deleted%23ws_test",
        &"x".repeat(3000),
    ];
    for id in foreign {
        for (method, path, body) in [
            ("GET", "runs/{id}", Value::Null),
            ("GET", "runs/{id}/log", Value::Null),
            ("GET", "runs/{id}/people", Value::Null),
            ("GET", "previews/{id}", Value::Null),
            ("GET", "previews/{id}/people", Value::Null),
            (
                "POST",
                "runs/{id}/held-deletions",
                json!({"decision": "allow"}),
            ),
            ("GET", "users/{id}", Value::Null),
            ("PATCH", "users/{id}", json!({})),
            ("POST", "users/{id}/invitation", Value::Null),
            ("POST", "users/{id}/initial-password", Value::Null),
            ("POST", "deleted-users/{id}/restore", Value::Null),
        ] {
            let path = format!("/api/v1/{}", path.replace("{id}", id));
            let answer = browser.send(Request::new(method, &path).json(&body)).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{method} {path}");
            answer.problem();
        }
    }
    let answer = browser.get("/api/v1/nothing").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    answer.problem();
    let answer = browser.put("/api/v1/session", Value::Null).await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    answer.problem();
}

#[tokio::test]
async fn a_query_that_cannot_be_understood_is_refused_with_a_reason() {
    let (_console, browser) = system_administrator().await;
    for path in ["runs?limit=0", "runs?limit=x", "users?limit=100000"] {
        let answer = browser.get(&format!("/api/v1/{path}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{path}");
        answer.problem();
    }
}
