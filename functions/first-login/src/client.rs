//! The client of a request: where it comes from, and the headers of its browser.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::request::Parts;
use web::RequestSource;

/// The client that sent a request.
pub(crate) struct Client {
    pub(crate) source: RequestSource,
    pub(crate) headers: HeaderMap,
}

impl<S: Send + Sync> FromRequestParts<S> for Client {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        Ok(Self {
            source: RequestSource::of(&parts.extensions),
            headers: parts.headers.clone(),
        })
    }
}
