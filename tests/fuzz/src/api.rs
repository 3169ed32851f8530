//! Requests to the console's API and pages.

use std::sync::LazyLock;

use admin_api::App;
use axum::Router;
use axum::body::Body;
use axum::http::Request;
use serde_json::Value;

use crate::visitor::{Answer, Visitor};

static DOOR: LazyLock<(Visitor, Router)> = LazyLock::new(|| {
    let visitor = Visitor::signed_in();
    let router = visitor.router(|runner| {
        admin_api::router(App {
            connections: runner.connections,
            logs: runner.logs,
        })
    });
    (visitor, router)
});

/// A request as HTTP writes it: method and path, headers, an empty line, the body. It comes from somebody who is
/// signed in; whatever it says, a refusal is a problem document in Japanese, and an answer is JSON.
pub fn api(bytes: &[u8]) {
    let Some(request) = request(bytes) else {
        return;
    };
    let (visitor, router) = &*DOOR;
    // What answers a HEAD has no body to look at.
    let is_api = request.uri().path().starts_with("/api/") && request.method() != "HEAD";
    let answer = visitor.send(router, request);
    if is_api {
        check(&answer);
    }
}

/// `None` where the server before us would not have understood it.
fn request(bytes: &[u8]) -> Option<Request<Body>> {
    let end = bytes.windows(2).position(|two| two == b"\n\n")?;
    let (head, body) = (&bytes[..end], &bytes[end + 2..]);
    let mut lines = head.split(|byte| *byte == b'\n');
    let mut target = lines.next()?.splitn(2, |byte| *byte == b' ');
    let (visitor, _) = &*DOOR;
    let mut request = Request::builder()
        .method(target.next()?)
        .uri(target.next()?)
        .header("cookie", &visitor.cookie)
        .header("x-csrf-token", &visitor.csrf);
    for line in lines {
        let colon = line.iter().position(|byte| *byte == b':')?;
        request = request.header(&line[..colon], line[colon + 1..].trim_ascii());
    }
    request.body(Body::from(body.to_vec())).ok()
}

fn check(answer: &Answer) {
    let kind = answer
        .headers
        .get("content-type")
        .map(|it| it.to_str().unwrap());
    if answer.status.is_client_error() {
        assert_eq!(kind, Some("application/problem+json"));
        let problem: Value = serde_json::from_slice(&answer.body).unwrap();
        assert_eq!(problem["status"], answer.status.as_u16());
        let detail = problem["detail"].as_str().unwrap();
        assert!(!detail.is_ascii(), "a person in Japan reads this: {detail}");
    } else if kind == Some("application/json") {
        serde_json::from_slice::<Value>(&answer.body).unwrap();
    }
}
