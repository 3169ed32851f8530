//! The OpenAPI 3.1 document: `GET /openapi.json`. It is a file, so that no cold start has to generate
//! it; a test generates it from the code and compares. With `WRITE_OPENAPI=1` the test writes the file.

#[cfg(test)]
mod from_code;

use axum::http::header;
use axum::response::IntoResponse;
use utoipa::ToSchema;

/// Serves the document as JSON.
pub(crate) async fn document() -> impl IntoResponse {
    let json = [(header::CONTENT_TYPE, "application/json")];
    (json, include_str!("../../openapi.json"))
}

/// An error (RFC 9457), as `application/problem+json`.
#[derive(ToSchema)]
#[schema(as = Problem)]
#[expect(dead_code, reason = "describes web::Problem in the OpenAPI document")]
pub(crate) struct ProblemDocument {
    /// `about:blank`: the status says it all.
    r#type: String,
    /// The status in words.
    title: String,
    /// The HTTP status.
    status: u16,
    /// What happened and what to do, in Japanese.
    detail: String,
    /// One word for programs.
    code: String,
}
