//! The client of a request: its network, for the sign-in throttle, and the headers of its browser.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::request::Parts;
use web::RequestSource;

/// The client that sent a request.
pub(crate) struct Client {
    pub(crate) network: String,
    pub(crate) headers: HeaderMap,
}

impl<S: Send + Sync> FromRequestParts<S> for Client {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        Ok(Self {
            network: RequestSource::of(&parts.extensions).network,
            headers: parts.headers.clone(),
        })
    }
}
