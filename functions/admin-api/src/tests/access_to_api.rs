//! Access rules of every route that the OpenAPI document lists.

use std::collections::BTreeSet;

use domain::Role;
use serde_json::{Value, json};
use testkit::http::Request;

use super::console::{Console, administrator, system_administrator};
use super::operation::Operation;

#[tokio::test]
async fn the_openapi_document_is_3_1_and_names_each_operation_once() {
    let console = Console::open().await;
    let document = console.stranger().get("/openapi.json").await.ok().json();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    let paths = document["paths"].as_object().unwrap().values();
    let operations = paths.flat_map(|path| path.as_object().unwrap().values());
    let names: Vec<_> = operations
        .map(|operation| operation["operationId"].as_str().unwrap())
        .collect();
    let different: BTreeSet<_> = names.iter().collect();
    assert_eq!((names.len(), different.len()), (64, 64));
}

#[tokio::test]
async fn nobody_gets_anywhere_without_a_session() {
    let stranger = Console::open().await.stranger();
    for operation in Operation::all(&stranger).await {
        operation.is_refused(&stranger, 401, "not_signed_in").await;
    }
}

#[tokio::test]
async fn staff_and_members_may_look_at_the_connection_and_at_nothing_else() {
    let console = Console::open().await;
    for role in [Role::Staff, Role::Member] {
        let browser = console.browser(role).await;
        for operation in Operation::all(&browser).await {
            match (&*operation.method, &*operation.path) {
                ("GET", "/api/v1/session" | "/api/v1/integration") => {
                    let answer = operation.send(&browser, "", "").await;
                    assert_eq!(answer.ok().json()["can_manage"], false);
                }
                _ => operation.is_refused(&browser, 403, "forbidden").await,
            }
        }
    }
}

#[tokio::test]
async fn who_has_to_replace_an_initial_password_learns_that_and_nothing_else() {
    let console = Console::open().await;
    let browser = console.browser_of_beginner().await;
    for operation in Operation::all(&browser).await {
        if operation.path == "/api/v1/session" {
            let answer = operation.send(&browser, "", "").await;
            assert_eq!(answer.json()["must_replace_password"], true);
            assert_eq!(answer.json()["can_manage"], false);
        } else {
            let code = "password_must_be_replaced";
            operation.is_refused(&browser, 403, code).await;
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
    let allow = json!({"decision": "allow"});
    for id in foreign {
        for (method, path, body) in [
            ("GET", format!("runs/{id}"), &Value::Null),
            ("GET", format!("runs/{id}/log"), &Value::Null),
            ("GET", format!("runs/{id}/people"), &Value::Null),
            ("GET", format!("previews/{id}"), &Value::Null),
            ("GET", format!("previews/{id}/people"), &Value::Null),
            ("POST", format!("runs/{id}/held-deletions"), &allow),
            ("GET", format!("users/{id}"), &Value::Null),
            ("PATCH", format!("users/{id}"), &json!({})),
            ("POST", format!("users/{id}/invitation"), &Value::Null),
            ("POST", format!("users/{id}/initial-password"), &Value::Null),
            ("DELETE", format!("users/{id}/sessions"), &Value::Null),
            ("PATCH", format!("groups/{id}"), &json!({"name": "本社"})),
            ("DELETE", format!("groups/{id}"), &Value::Null),
            ("POST", format!("deleted-users/{id}/restore"), &Value::Null),
        ] {
            let request = Request::new(method, &format!("/api/v1/{path}")).json(body);
            let answer = browser.send(request).await;
            assert_eq!(answer.status, 404, "{method} {path}");
            answer.problem();
        }
    }
}

#[tokio::test]
async fn a_query_that_cannot_be_understood_is_refused_with_a_reason() {
    let (_console, browser) = system_administrator().await;
    for path in ["runs?limit=0", "runs?limit=x", "users?limit=100000"] {
        let answer = browser.get(&format!("/api/v1/{path}")).await;
        assert_eq!(answer.status, 400, "{path}");
        answer.problem();
    }
}
