//! The pages of people who are not signed in: on the way to the provider, and why nobody was signed in.

use askama::Template;
use axum::http::header;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use web::{ProblemPage, html_page};

use crate::outcome::{Refusal, Stop};

/// The page that leads to the provider. A form that ends in a redirect to another site would be stopped by our own policy
/// (`form-action`), and the provider's address is an admin's choice.
#[derive(Template)]
#[template(path = "leave.html")]
struct LeavePage<'a> {
    url: &'a str,
}

#[derive(Template)]
#[template(path = "refused.html")]
struct RefusedPage {
    text: &'static str,
}

/// Returns the page that sends the browser to the provider, and binds the sign-in to the browser by a cookie.
pub(crate) fn leave(url: &str, cookie: HeaderValue) -> Response {
    let page = html_page(StatusCode::OK, &LeavePage { url });
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
