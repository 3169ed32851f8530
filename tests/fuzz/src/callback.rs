//! The query that a browser brings back from SmartHR, or that somebody made up.

use std::sync::LazyLock;

use axum::body::Body;
use axum::http::Request;

use crate::admin::Admin;

static ADMIN: LazyLock<Admin> =
    LazyLock::new(|| Admin::in_front_of(|runner| oauth_callback::router(runner.connections)));

/// Opens the callback with a query in a browser that was never sent to SmartHR. Nothing may be connected, and the page
/// must say so without repeating the query.
pub fn callback(query: &[u8]) {
    let uri = [b"/smarthr/callback?", query].concat();
    let request = Request::get(uri.as_slice()).header("cookie", &ADMIN.session.cookie);
    let Ok(request) = request.body(Body::empty()) else {
        return;
    };
    let mut answer = ADMIN.send(request);
    if answer.status == 303 {
        let result = answer.location();
        assert!(result.starts_with("/smarthr/result?outcome="), "{result}");
        let request = Request::get(result).header("cookie", &ADMIN.session.cookie);
        answer = ADMIN.send(request.body(Body::empty()).unwrap());
    }
    let page = answer.html();
    assert!(!page.contains("連携が完了しました"));
    assert!(!page.contains("<script"));
}
