//! Rendering of HTML pages.
//!
//! Every page extends `templates/layout.html` of this crate: a crate with pages names this folder in
//! its `askama.toml` and writes `{% extends "layout.html" %}`.

use askama::Template;
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};

use crate::problem::{Problem, ProblemCode};

/// Renders a page; answers 500 when its template fails.
pub fn html_page(status: StatusCode, template: &impl Template) -> Response {
    match template.render() {
        Ok(html) => (status, Html(html)).into_response(),
        Err(error) => {
            tracing::error!(%error, "a page could not be rendered");
            Problem::internal().into_response()
        }
    }
}

/// Renders a page that shows a problem, with the problem's status and `Retry-After`.
pub fn html_page_of_problem(problem: &Problem, template: &impl Template) -> Response {
    let mut response = html_page(problem.status, template);
    response.extensions_mut().insert(ProblemCode(problem.code));
    if let Some(seconds) = problem.retry_after {
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, seconds.into());
    }
    response
}
