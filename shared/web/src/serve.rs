//! Runs a router as a Lambda function behind API Gateway's HTTP API.

use std::future::Future;
use std::pin::Pin;

use axum::Router;
use axum::body::to_bytes;
use axum::response::Response;
use lambda_http::http::StatusCode;
use lambda_http::lambda_runtime::tower::ServiceExt;
use lambda_http::{Body, Error, IntoResponse, Request};

/// Answers the requests of API Gateway until Lambda stops the function.
///
/// # Errors
/// When Lambda's runtime API does not answer.
pub async fn serve(router: Router) -> Result<(), Error> {
    lambda_http::run(ServiceExt::<Request>::map_response(router, Utf8Answer)).await
}

/// An answer in UTF-8, as all of ours are. `lambda_http`'s own conversion decodes any charset, and would
/// link the tables of all charsets into every function.
struct Utf8Answer(Response);

impl IntoResponse for Utf8Answer {
    fn into_response(self) -> Pin<Box<dyn Future<Output = lambda_http::Response<Body>> + Send>> {
        Box::pin(async move {
            let (mut parts, body) = self.0.into_parts();
            let bytes = to_bytes(body, usize::MAX).await.unwrap_or_else(|_| {
                parts.status = StatusCode::INTERNAL_SERVER_ERROR;
                Vec::new().into()
            });
            let body = match String::from_utf8(bytes.into()) {
                Ok(text) => Body::Text(text),
                Err(binary) => Body::Binary(binary.into_bytes()),
            };
            lambda_http::Response::from_parts(parts, body)
        })
    }
}
