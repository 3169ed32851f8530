//! The answers to requests without a handler: an unknown address, or a method that the address does not
//! have.

use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};

use crate::problem::Problem;
use crate::problem_page::ProblemPage;

/// Answers 404 for an unknown address.
pub(crate) async fn unknown_path(uri: Uri) -> Response {
    refused(&uri, Problem::not_found("このURLは存在しません。"))
}

/// Answers 405 for a method that the address does not have.
pub(crate) async fn unknown_method(uri: Uri) -> Response {
    let problem = Problem::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "method_not_allowed",
        "この操作はできません。",
    );
    refused(&uri, problem)
}

/// Returns a problem document for the API, a page for everything else.
fn refused(uri: &Uri, problem: Problem) -> Response {
    if uri.path().starts_with("/api/") {
        problem.into_response()
    } else {
        ProblemPage(problem).into_response()
    }
}
