//! The query that a browser brings back from SmartHR, or somebody else makes up.

use std::sync::LazyLock;

use axum::Router;
use axum::body::Body;
use axum::http::Request;

use crate::visitor::Visitor;

static DOOR: LazyLock<(Visitor, Router)> = LazyLock::new(|| {
    let visitor = Visitor::signed_in();
    let router = visitor.router(|runner| oauth_callback::router(runner.connections));
    (visitor, router)
});

/// Nobody sent this browser to SmartHR, so nothing is linked, and the page says so without repeating the query.
pub fn callback(query: &[u8]) {
    let (visitor, router) = &*DOOR;
    let uri = [b"/smarthr/callback?", query].concat();
    let request = Request::get(uri.as_slice()).header("cookie", &visitor.cookie);
    let Ok(request) = request.body(Body::empty()) else {
        return;
    };
    let answer = visitor.send(router, request);
    assert_eq!(answer.headers["content-type"], "text/html; charset=utf-8");
    let page = String::from_utf8(answer.body).unwrap();
    assert!(!page.contains("連携が完了しました"));
    assert!(!page.contains("<script"));
}
