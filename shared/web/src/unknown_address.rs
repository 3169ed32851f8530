//! What answers where no handler does: an address that does not exist, or a method that it does not have.

use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};

use crate::page::ProblemPage;
use crate::problem::Problem;

/// The 404 for an address that does not exist.
pub(crate) async fn unknown_path(uri: Uri) -> Response {
    refused(&uri, Problem::not_found("このURLは存在しません。"))
}

/// The 405 for a method that the address does not have.
pub(crate) async fn unknown_method(uri: Uri) -> Response {
    let problem = Problem::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "method_not_allowed",
        "この操作はできません。",
    );
    refused(&uri, problem)
}

/// Programs get a problem document, people a page.
fn refused(uri: &Uri, problem: Problem) -> Response {
    if uri.path().starts_with("/api/") {
        problem.into_response()
    } else {
        ProblemPage(problem).into_response()
    }
}
