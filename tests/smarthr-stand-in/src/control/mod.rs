//! The control plane, `/_stand-in/…`: a test acts here as the customer's HR people and as SmartHR itself.

mod companies;
mod crews;
mod webhooks;

use std::collections::{BTreeMap, BTreeSet};

use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::json;

use crate::company::Company;
use crate::error::ApiError;
use crate::faults::Fault;
use crate::state::{SmartHr, SmartHrState};

pub(crate) use crews::change_crew;

/// Everything under `/_stand-in`.
pub(crate) fn router() -> Router<SmartHr> {
    Router::new()
        .merge(crews::router())
        .merge(companies::router())
        .merge(webhooks::router())
        .route("/faults", post(add_fault).delete(clear_faults))
        .route("/requests", get(requests).delete(forget_requests))
        .route("/revoke", post(revoke))
        .route("/hidden-attributes", put(hide_attributes))
}

/// The status and the reason of a call that was refused.
struct Refusal(StatusCode, String);

impl Refusal {
    fn unknown(what: &str) -> Self {
        Self(StatusCode::NOT_FOUND, format!("there is no such {what}"))
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.0, Json(json!({"error": self.1}))).into_response()
    }
}

impl From<JsonRejection> for Refusal {
    fn from(rejection: JsonRejection) -> Self {
        Self(StatusCode::BAD_REQUEST, rejection.body_text())
    }
}

impl From<ApiError> for Refusal {
    fn from(error: ApiError) -> Self {
        Self(StatusCode::BAD_REQUEST, format!("{error:?}"))
    }
}

/// Returns a company by its subdomain; the first one when none is named.
fn company_of<'a>(
    state: &'a mut SmartHrState,
    subdomain: Option<&str>,
) -> Result<&'a mut Company, Refusal> {
    let mut companies = state.companies.iter_mut();
    companies
        .find(|company| subdomain.is_none_or(|name| company.account.subdomain == name))
        .ok_or_else(|| Refusal::unknown("company"))
}

async fn add_fault(
    State(smarthr): State<SmartHr>,
    body: Result<Json<Fault>, JsonRejection>,
) -> Result<StatusCode, Refusal> {
    let Json(fault) = body?;
    smarthr.with(|state| state.faults.pending.push(fault));
    Ok(StatusCode::CREATED)
}

async fn clear_faults(State(smarthr): State<SmartHr>) -> StatusCode {
    smarthr.with(|state| state.faults.pending.clear());
    StatusCode::NO_CONTENT
}

async fn requests(State(smarthr): State<SmartHr>) -> Json<BTreeMap<String, u64>> {
    Json(smarthr.with(|state| state.request_counts.clone()))
}

async fn forget_requests(State(smarthr): State<SmartHr>) -> StatusCode {
    smarthr.with(|state| state.request_counts.clear());
    StatusCode::NO_CONTENT
}

/// Invalidates tokens: all of a company, or only its access tokens, so that a refresh is due.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Revocation {
    company: Option<String>,
    #[serde(default)]
    access_tokens_only: bool,
}

async fn revoke(
    State(smarthr): State<SmartHr>,
    body: Result<Json<Revocation>, JsonRejection>,
) -> Result<StatusCode, Refusal> {
    let Json(revocation) = body?;
    smarthr.with(|state| {
        let company = company_of(state, revocation.company.as_deref())?;
        let tenant_id = company.account.tenant_id.clone();
        state.revoke(&tenant_id, !revocation.access_tokens_only);
        Ok(StatusCode::NO_CONTENT)
    })
}

async fn hide_attributes(
    State(smarthr): State<SmartHr>,
    body: Result<Json<BTreeSet<String>>, JsonRejection>,
) -> Result<StatusCode, Refusal> {
    let Json(names) = body?;
    smarthr.with(|state| state.hidden_attributes = names);
    Ok(StatusCode::NO_CONTENT)
}
