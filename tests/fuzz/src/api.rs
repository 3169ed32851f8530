//! Requests to the console's API and pages.

use std::sync::LazyLock;

use admin_api::App;
use axum::body::Body;
use axum::http::Request;
use testkit::http::Answer;

use crate::admin::Admin;

static ADMIN: LazyLock<Admin> = LazyLock::new(|| {
    Admin::in_front_of(|runner| admin_api::router(App::new(runner.connections, runner.logs)))
});

/// Sends a request in the notation of HTTP, from somebody who is signed in: method and path, headers, an empty line,
/// the body. Every refusal must be a problem document in Japanese, and every other answer of the API JSON.
pub fn api(bytes: &[u8]) {
    let Some(request) = request(bytes) else {
        return;
    };
    // The answer to a HEAD request has no body to check.
    let is_api = request.uri().path().starts_with("/api/") && request.method() != "HEAD";
    let answer = ADMIN.send(request);
    if is_api {
        check(&answer);
    }
}

/// Returns `None` for what API Gateway would not take for a request.
fn request(bytes: &[u8]) -> Option<Request<Body>> {
    let end = bytes.windows(2).position(|two| two == b"\n\n")?;
    let (head, body) = (&bytes[..end], &bytes[end + 2..]);
    let mut lines = head.split(|byte| *byte == b'\n');
    let mut target = lines.next()?.splitn(2, |byte| *byte == b' ');
    let session = &ADMIN.session;
    let mut request = Request::builder()
        .method(target.next()?)
        .uri(target.next()?)
        .header("cookie", &session.cookie)
        .header("x-csrf-token", &session.csrf);
    for line in lines {
        let colon = line.iter().position(|byte| *byte == b':')?;
        request = request.header(&line[..colon], line[colon + 1..].trim_ascii());
    }
    request.body(Body::from(body.to_vec())).ok()
}

fn check(answer: &Answer) {
    if answer.status.is_client_error() {
        answer.problem();
    } else if answer.header("content-type") == "application/json" {
        answer.json();
    }
}
