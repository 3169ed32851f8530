//! Malformed requests to every operation of this function in the OpenAPI document.

use serde_json::{Map, Value, json};
use testkit::http::Request;
use testkit::users::member;

use super::console::{Browser, Console, system_administrator};
use super::operation::Operation;
use crate::idempotency::STARTS_WORK;

async fn console() -> (Console, Browser) {
    let (console, browser) = system_administrator().await;
    console.env.add_user(member("member")).await;
    (console, browser)
}

/// Returns a JSON object with one property.
fn object(property: &str, value: Value) -> String {
    Value::from(Map::from_iter([(property.to_owned(), value)])).to_string()
}

#[tokio::test]
async fn no_body_that_is_not_the_documented_one_is_taken() {
    let (_console, browser) = console().await;
    let deep = |open: &str, close: &str| format!("{}1{}", open.repeat(5_000), close.repeat(5_000));
    let (array, nested) = (deep("[", "]"), deep(r#"{"a":"#, "}"));
    let bodies: [&[u8]; 13] = [
        b"",
        b"null",
        b"[]",
        b"1",
        b"\"x\"",
        b"{",
        b"nonsense",
        br#"{"unknown": 1}"#,
        br#""\ud800""#,
        b"{}{}",
        array.as_bytes(),
        nested.as_bytes(),
        b"{\"a\": \"\xFF\"}",
    ];
    for operation in Operation::all(&browser).await {
        let (path, Some(properties)) = (&operation.path, &operation.body) else {
            continue;
        };
        for body in bodies {
            let answer = operation.send(&browser, "", body).await;
            assert_eq!(answer.status, 400, "{path} {}", body.escape_ascii());
        }
        let large = object("a", json!("a".repeat(512 * 1024)));
        let answer = operation.send(&browser, "", large).await;
        assert_eq!(answer.status, 413, "{path}");
        for property in properties {
            for wrong in [json!(-1.5), json!({"a": [[]]}), json!([[{}]])] {
                let body = object(property, wrong);
                let answer = operation.send(&browser, "", body.clone()).await;
                assert_eq!(answer.status, 400, "{path} {body}");
            }
            for odd in ["\0", "\u{202E}", "<script>", "\r\n", &"長".repeat(10_000)] {
                let body = object(property, json!(odd));
                operation.send(&browser, "", body).await;
            }
        }
    }
}

#[tokio::test]
async fn a_body_of_another_kind_is_refused_as_such() {
    let (_console, browser) = console().await;
    let csrf = browser.session().csrf;
    for operation in Operation::all(&browser).await {
        if operation.body.is_none() {
            continue;
        }
        for kind in [
            "text/plain",
            "application/x-www-form-urlencoded",
            "application/xml",
            "",
        ] {
            let request = Request::new(&operation.method, &operation.path)
                .json_text("{}")
                .header("content-type", kind)
                .header("x-csrf-token", &csrf);
            let answer = browser.send_without_csrf(request).await;
            operation.check(&answer);
            assert_eq!(answer.status, 415, "{kind}");
        }
    }
}

#[tokio::test]
async fn no_query_brings_the_api_down_and_an_unknown_or_repeated_one_is_refused() {
    let (_console, browser) = console().await;
    let long = "x".repeat(5_000);
    let values = [
        "",
        "%00",
        "%ff",
        "%E2%80%AE",
        "-1",
        "0",
        "1e9",
        "99999999999999999999",
        "a,b",
        &long,
    ];
    for operation in Operation::all(&browser).await {
        for name in &operation.query {
            for value in values {
                let query = format!("?{name}={value}");
                operation.send(&browser, &query, "").await;
            }
            for refused in [format!("?{name}=1&{name}=1"), "?unknown=1".to_owned()] {
                let answer = operation.send(&browser, &refused, "").await;
                assert_eq!(answer.status, 400, "{}{refused}", operation.path);
            }
        }
    }
}

#[tokio::test]
async fn what_starts_work_takes_an_idempotency_key_and_the_document_says_so() {
    let (_console, browser) = console().await;
    let document = browser.get("/openapi.json").await.json();
    for path in STARTS_WORK {
        let parameters = document["paths"][path]["post"]["parameters"].as_array();
        let mut names = parameters.unwrap().iter().map(|it| &it["name"]);
        assert!(names.any(|name| name == "Idempotency-Key"), "{path}");
    }
}
