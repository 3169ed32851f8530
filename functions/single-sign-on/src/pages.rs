//! The pages of people who are not signed in: on the way to the provider, and why nobody was signed in.

use askama::Template;
use axum::http::header;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use web::{LeavePage, ProblemPage, html_page};

use crate::outcome::{Refusal, Stop};

#[derive(Template)]
#[template(path = "refused.html")]
struct RefusedPage {
    text: &'static str,
}

/// Returns the page that sends the browser to the provider, and binds the sign-in to the browser by a cookie.
pub(crate) fn leave(url: &str, cookie: HeaderValue) -> Response {
    let page = LeavePage {
        title: "SSOでログイン",
        heading: "所属企業のログイン画面に移動します",
        link: "ログイン画面へ",
        url,
    };
    let page = html_page(StatusCode::OK, &page);
    ([(header::SET_COOKIE, cookie)], page).into_response()
}

/// Returns the page that says why nobody was signed in.
pub(crate) fn stopped(stop: Stop) -> Response {
    match stop {
        Stop::Refused(refusal) => refused(refusal),
        Stop::Problem(problem) => ProblemPage(problem).into_response(),
    }
}

/// Returns the page of a refusal.
pub(crate) fn refused(refusal: Refusal) -> Response {
    let text = refusal.text();
    html_page(refusal.status(), &RefusedPage { text })
}
