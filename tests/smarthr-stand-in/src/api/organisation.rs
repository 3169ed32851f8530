//! Who calls, and what the company consists of.

use axum::response::Response;
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};

use super::Caller;
use super::list_query::ListQuery;
use crate::error::ApiError;
use crate::state::SmartHr;

pub(super) fn router() -> Router<SmartHr> {
    Router::new()
        .route("/users/me", get(me))
        .route("/companies", get(companies))
        .route("/departments", get(departments))
        .route("/employment_types", get(employment_types))
}

async fn me(Caller { grant, .. }: Caller) -> Json<Value> {
    Json(json!({
        "id": format!("user-{}", grant.email),
        "email": grant.email,
        "notification_email": grant.email,
        "admin": true, "role": null, "crew_id": null, "addons": [], "has_password": true,
        "agreement_for_electronic_delivery": null, "suppressed_email_logs": [],
        "invitation_created_at": null, "invitation_opened_at": null,
        "invitation_accepted_at": null, "invitation_answered_at": null,
        "updated_at": null, "created_at": null,
    }))
}

async fn companies(caller: Caller, query: ListQuery) -> Result<Response, ApiError> {
    caller.read(|company| Ok(query.respond(&[company], |company| company.to_json())))
}

async fn departments(caller: Caller, query: ListQuery) -> Result<Response, ApiError> {
    caller.read(|company| Ok(query.respond(&company.departments(), Value::clone)))
}

async fn employment_types(caller: Caller, query: ListQuery) -> Result<Response, ApiError> {
    caller.read(|company| Ok(query.respond(&company.employment_types(), Value::clone)))
}
