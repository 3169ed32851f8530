//! The query parameters of a page.

use std::convert::Infallible;

use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

/// Query parameters that fall back to the default when they are malformed: they only select what is
/// shown.
pub(crate) struct Lenient<T>(pub(crate) T);

impl<T: DeserializeOwned + Default, S: Send + Sync> FromRequestParts<S> for Lenient<T> {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let query = Query::from_request_parts(parts, state).await;
        Ok(Self(query.map_or_else(|_| T::default(), |Query(it)| it)))
    }
}
