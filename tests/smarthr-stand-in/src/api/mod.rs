//! SmartHR's API, `/api/v1`.

mod crews;
mod custom_items;
mod listing;
mod organisation;

use axum::Router;
use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;

use crate::error::ApiError;
use crate::oauth::Grant;
use crate::world::World;

/// Everything under `/api`.
pub(crate) fn router() -> Router<World> {
    let v1 = Router::new()
        .merge(crews::router())
        .merge(custom_items::router())
        .merge(organisation::router());
    Router::new()
        .nest("/v1", v1)
        .fallback(async || ApiError::not_found())
}

/// The token of `Authorization: Bearer …`.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let header = headers.get(AUTHORIZATION)?.to_str().ok()?;
    header.strip_prefix("Bearer ")
}

/// Whoever calls, proven by a token that counts for a company that exists.
pub(crate) struct Caller(pub(crate) Grant);

impl FromRequestParts<World> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, world: &World) -> Result<Self, ApiError> {
        let token = bearer(&parts.headers).unwrap_or_default();
        world.visit(|state, now| {
            let grant = state.oauth.bearer(token, now);
            grant
                .filter(|grant| state.company(&grant.tenant_id).is_ok())
                .cloned()
                .map(Caller)
                .ok_or_else(ApiError::unauthorized_token)
        })
    }
}
