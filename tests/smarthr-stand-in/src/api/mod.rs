//! SmartHR's API, `/api/v1`.

mod crews;
mod custom_items;
mod list_query;
mod organisation;
mod webhooks;

use axum::Router;
use axum::extract::FromRequestParts;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use jiff::Timestamp;

use crate::company::Company;
use crate::error::ApiError;
use crate::oauth::Grant;
use crate::state::{FreshIds, SmartHr, company_mut};

/// Everything under `/api`.
pub(crate) fn router() -> Router<SmartHr> {
    let v1 = Router::new()
        .merge(crews::router())
        .merge(custom_items::router())
        .merge(organisation::router())
        .merge(webhooks::router());
    Router::new()
        .nest("/v1", v1)
        .fallback(async || ApiError::not_found())
}

/// Returns the token of `Authorization: Bearer …`.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let header = headers.get(AUTHORIZATION)?.to_str().ok()?;
    header.strip_prefix("Bearer ")
}

/// The caller, proven by a valid token for a company that exists.
pub(crate) struct Caller {
    smarthr: SmartHr,
    grant: Grant,
}

impl Caller {
    /// Reads the caller's company.
    ///
    /// # Errors
    ///
    /// The company has gone, or those of `work`.
    fn read<T>(&self, work: impl FnOnce(&Company) -> Result<T, ApiError>) -> Result<T, ApiError> {
        self.smarthr
            .with(|state| work(state.company(&self.grant.tenant_id)?))
    }

    /// Changes the caller's company.
    ///
    /// # Errors
    ///
    /// The company has gone, or those of `work`.
    fn change<T>(
        &self,
        work: impl FnOnce(&mut Company, &mut FreshIds, Timestamp) -> Result<T, ApiError>,
    ) -> Result<T, ApiError> {
        self.smarthr.with(|state| {
            let company = company_mut(&mut state.companies, &self.grant.tenant_id)?;
            work(company, &mut state.ids, state.now)
        })
    }
}

impl FromRequestParts<SmartHr> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, smarthr: &SmartHr) -> Result<Self, ApiError> {
        let token = bearer(&parts.headers).unwrap_or_default();
        let grant = smarthr.with(|state| {
            let grant = state.bearer(token);
            grant
                .filter(|grant| state.company(&grant.tenant_id).is_ok())
                .cloned()
        });
        Ok(Self {
            grant: grant.ok_or_else(|| ApiError::with_status(StatusCode::UNAUTHORIZED))?,
            smarthr: smarthr.clone(),
        })
    }
}
