//! Malformed requests to every operation of this function in the OpenAPI document. Operations
//! tagged `sign-in` belong to first-login.

use axum::http::StatusCode;
use domain::Role;
use serde_json::{Map, Value, json};
use testkit::http::{Answer, Request};

use super::console::{Browser, Console, system_administrator};
use crate::idempotency::STARTS_WORK;

/// An operation of the OpenAPI document, with ids filled in.
struct Operation {
    method: String,
    path: String,
    query: Vec<String>,
    /// The properties of the request body; `None` if the operation takes no body.
    body: Option<Vec<String>>,
    /// The status codes that the document lists for the operation.
    statuses: Vec<String>,
}

impl Operation {
    async fn all(browser: &Browser) -> Vec<Self> {
        let document = browser.get("/openapi.json").await.json();
        let paths = document["paths"].as_object().unwrap();
        let operations = paths.iter().flat_map(|(path, item)| {
            let document = &document;
            let operations = item.as_object().unwrap().iter();
            operations
                .filter(|(_, operation)| operation["tags"] != json!(["sign-in"]))
                .map(move |(method, operation)| Self::of(document, method, path, operation))
        });
        operations.collect()
    }

    fn of(document: &Value, method: &str, path: &str, operation: &Value) -> Self {
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        let query = parameters.filter(|parameter| parameter["in"] == "query");
        let body = &operation["requestBody"]["content"]["application/json"]["schema"]["$ref"];
        let properties = body.as_str().map(|reference| {
            let pointer = format!("{}/properties", reference.trim_start_matches('#'));
            let properties = document.pointer(&pointer).unwrap().as_object().unwrap();
            properties.keys().cloned().collect()
        });
        Self {
            method: method.to_uppercase(),
            path: path.replace("{id}", "member"),
            query: query
                .map(|it| it["name"].as_str().unwrap().to_owned())
                .collect(),
            body: properties,
            statuses: operation["responses"]
                .as_object()
                .unwrap()
                .keys()
                .cloned()
                .collect(),
        }
    }

    async fn send(&self, browser: &Browser, query: &str, body: impl Into<Vec<u8>>) -> Answer {
        let request = Request::new(&self.method, &format!("{}{query}", self.path));
        let answer = browser.send(request.json_text(body)).await;
        self.check(&answer);
        answer
    }

    /// Checks that the response is documented and is not a server error, that a refusal is a
    /// problem document, and that caching and framing are forbidden.
    fn check(&self, answer: &Answer) {
        let status = answer.status;
        assert!(
            !status.is_server_error(),
            "{} {}: {status}",
            self.method,
            self.path
        );
        let documented = self.statuses.iter().any(|it| it == status.as_str());
        assert!(
            documented,
            "{} {}: {status} is not documented",
            self.method, self.path
        );
        if status.is_client_error() {
            answer.problem();
        }
        assert_eq!(answer.headers["cache-control"], "no-store");
        assert_eq!(answer.headers["x-content-type-options"], "nosniff");
        let policy = answer.headers["content-security-policy"].to_str().unwrap();
        assert!(policy.starts_with("default-src 'none'"));
    }
}

async fn operations(browser: &Browser) -> Vec<Operation> {
    let operations = Operation::all(browser).await;
    assert!(operations.len() >= 23, "the document has lost some");
    operations
}

async fn console() -> (Console, Browser) {
    let (console, browser) = system_administrator().await;
    console.user("member", Role::Member).await;
    (console, browser)
}

#[tokio::test]
async fn no_body_that_is_not_the_documented_one_is_taken() {
    let (_console, browser) = console().await;
    let deep = |open: &str, close: &str| format!("{}1{}", open.repeat(5_000), close.repeat(5_000));
    let mut bodies: Vec<Vec<u8>> = [
        "",
        "null",
        "[]",
        "1",
        "\"x\"",
        "{",
        "nonsense",
        r#"{"unknown": 1}"#,
        r#""\ud800""#,
        "{}{}",
    ]
    .map(|body| body.as_bytes().to_vec())
    .into();
    bodies.push(deep("[", "]").into());
    bodies.push(deep(r#"{"a":"#, "}").into());
    bodies.push(b"{\"a\": \"\xFF\"}".to_vec());
    for operation in operations(&browser).await {
        let Some(properties) = &operation.body else {
            continue;
        };
        for body in &bodies {
            let answer = operation.send(&browser, "", body.clone()).await;
            let path = &operation.path;
            assert_eq!(
                answer.status,
                StatusCode::BAD_REQUEST,
                "{path} {}",
                body.escape_ascii()
            );
        }
        let large = format!("{{\"a\": \"{}\"}}", "a".repeat(64 * 1024));
        let answer = operation.send(&browser, "", large).await;
        assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
        for property in properties {
            for wrong in [json!(-1.5), json!({"a": [[]]}), json!([[{}]])] {
                let body = Value::from(Map::from_iter([(property.clone(), wrong)])).to_string();
                let answer = operation.send(&browser, "", body.clone()).await;
                assert_eq!(
                    answer.status,
                    StatusCode::BAD_REQUEST,
                    "{} {body}",
                    operation.path
                );
            }
            for odd in ["\0", "\u{202E}", "<script>", "\r\n", &"長".repeat(10_000)] {
                let body = Value::from(Map::from_iter([(property.clone(), json!(odd))]));
                operation.send(&browser, "", body.to_string()).await;
            }
        }
    }
}

#[tokio::test]
async fn a_body_of_another_kind_is_refused_as_such() {
    let (_console, browser) = console().await;
    for operation in operations(&browser).await {
        if operation.body.is_none() {
            continue;
        }
        for kind in [
            "text/plain",
            "application/x-www-form-urlencoded",
            "application/xml",
            "",
        ] {
            let request = Request::new(&operation.method, &operation.path).json_text("{}");
            let csrf = browser.session().csrf;
            let request = request
                .header("content-type", kind)
                .header("x-csrf-token", &csrf);
            let answer = browser.send_without_csrf(request).await;
            operation.check(&answer);
            assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{kind}");
        }
    }
}

#[tokio::test]
async fn no_query_brings_the_api_down_and_one_that_is_unknown_or_said_twice_is_refused() {
    let (_console, browser) = console().await;
    let long = "x".repeat(5_000);
    for operation in operations(&browser).await {
        for name in &operation.query {
            for value in [
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
            ] {
                operation
                    .send(&browser, &format!("?{name}={value}"), "")
                    .await;
            }
            for refused in [format!("?{name}=1&{name}=1"), "?unknown=1".to_owned()] {
                let answer = operation.send(&browser, &refused, "").await;
                let path = &operation.path;
                assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{path}{refused}");
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
