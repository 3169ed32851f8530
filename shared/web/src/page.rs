//! HTML pages: how they are answered, and the stylesheet that all of them use.
//!
//! The frame of every page is `templates/layout.html` here; a crate with pages names this folder in
//! its `askama.toml` and writes `{% extends "layout.html" %}`.

use askama::Template;
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};

use crate::problem::Problem;

/// Answers with a page.
pub fn html_page(status: StatusCode, template: &impl Template) -> Response {
    match template.render() {
        Ok(html) => (status, Html(html)).into_response(),
        Err(error) => {
            tracing::error!(%error, "a page could not be written");
            Problem::internal().into_response()
        }
    }
}

const STYLES: &str = concat!(
    include_str!("../assets/frame.css"),
    include_str!("../assets/texts.css"),
    include_str!("../assets/forms.css"),
    include_str!("../assets/tables.css"),
);

/// `GET /assets/console.css`
pub async fn stylesheet() -> impl IntoResponse {
    (
        [
            (header::CONTENT_TYPE, "text/css; charset=utf-8"),
            (header::CACHE_CONTROL, "public, max-age=300"),
        ],
        STYLES,
    )
}

/// `GET /assets/live.js`: shows how far a run is without loading the page anew. Every page works
/// without it.
pub async fn script() -> impl IntoResponse {
    (
        [
            (header::CONTENT_TYPE, "text/javascript; charset=utf-8"),
            (header::CACHE_CONTROL, "public, max-age=300"),
        ],
        include_str!("../assets/live.js"),
    )
}

#[derive(Template)]
#[template(path = "problem.html")]
struct ProblemTemplate<'a> {
    detail: &'a str,
}

/// A problem as a page, for addresses that people open. The response carries it as an extension, for
/// whoever can put it into a frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProblemPage(pub Problem);

impl<E: Into<Problem>> From<E> for ProblemPage {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl IntoResponse for ProblemPage {
    fn into_response(self) -> Response {
        let template = ProblemTemplate {
            detail: &self.0.detail,
        };
        let mut response = html_page(self.0.status, &template);
        if let Some(seconds) = self.0.retry_after {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, seconds.into());
        }
        response.extensions_mut().insert(self);
        response
    }
}
