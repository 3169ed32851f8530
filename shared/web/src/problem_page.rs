//! A problem shown as an HTML page, for addresses that people open in a browser.

use askama::Template;
use axum::response::{IntoResponse, Response};

use crate::page::html_page_of_problem;
use crate::problem::Problem;

/// Answers with a page that shows the problem. The response carries the problem as an extension, so
/// that [`crate::with_problems_in_frame`] can put it into the console's frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProblemPage(pub Problem);

#[derive(Template)]
#[template(path = "problem.html")]
struct Page<'a> {
    detail: &'a str,
}

impl<E: Into<Problem>> From<E> for ProblemPage {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl IntoResponse for ProblemPage {
    fn into_response(self) -> Response {
        let detail = &self.0.detail;
        let mut response = html_page_of_problem(&self.0, &Page { detail });
        response.extensions_mut().insert(self);
        response
    }
}
