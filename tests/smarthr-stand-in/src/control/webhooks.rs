//! What SmartHR reports to webhooks, and how it delivers that.

use axum::extract::rejection::JsonRejection;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::routing::{get, post, put};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::Value;

use super::crews::CompanyQuery;
use super::{Refusal, company_of};
use crate::deliveries::{DeliveryFaults, Report, deliver_due};
use crate::state::{SmartHr, SmartHrState};
use crate::webhooks::{CrewEvent, Webhook};

pub(super) fn router() -> Router<SmartHr> {
    Router::new()
        .route("/webhooks", get(list))
        .route("/reports", post(report))
        .route("/deliveries", get(deliveries).post(deliver).delete(take))
        .route("/delivery-faults", put(set_delivery_faults))
}

/// Returns the webhooks of a company as the API shows them.
async fn list(
    State(smarthr): State<SmartHr>,
    Query(query): Query<CompanyQuery>,
) -> Result<Json<Vec<Value>>, Refusal> {
    smarthr.with(|state| {
        let company = company_of(state, query.company.as_deref())?;
        Ok(Json(
            company.webhooks.iter().map(Webhook::to_json).collect(),
        ))
    })
}

/// An event to report although nobody changed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ForgedEvent {
    company: Option<String>,
    event: CrewEvent,
    #[serde(default)]
    crew_ids: Vec<String>,
}

async fn report(
    State(smarthr): State<SmartHr>,
    body: Result<Json<ForgedEvent>, JsonRejection>,
) -> Result<StatusCode, Refusal> {
    let Json(forged) = body?;
    smarthr.with(|state| {
        let company = company_of(state, forged.company.as_deref())?;
        let tenant_id = company.account.tenant_id.clone();
        state.report(&tenant_id, forged.event, &forged.crew_ids);
        Ok(StatusCode::NO_CONTENT)
    })
}

async fn deliveries(State(smarthr): State<SmartHr>) -> Json<Value> {
    Json(smarthr.with(|state| state.deliveries.to_json()))
}

/// Sends what is due by now, and answers when it is sent.
async fn deliver(State(smarthr): State<SmartHr>) -> Json<Value> {
    deliver_due(&smarthr).await;
    deliveries(State(smarthr)).await
}

/// Takes the reports that are due by now, for a test that delivers them itself: `url`, `secret` and `body` of each.
async fn take(State(smarthr): State<SmartHr>) -> Json<Vec<Value>> {
    let due = smarthr.with(SmartHrState::take_due);
    Json(due.iter().map(Report::to_json).collect())
}

async fn set_delivery_faults(
    State(smarthr): State<SmartHr>,
    body: Result<Json<DeliveryFaults>, JsonRejection>,
) -> Result<StatusCode, Refusal> {
    let Json(faults) = body?;
    smarthr.with(|state| state.deliveries.faults = faults);
    Ok(StatusCode::NO_CONTENT)
}
