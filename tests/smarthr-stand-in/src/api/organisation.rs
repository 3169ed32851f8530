//! Who calls, and what the company is made of.

use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};

use super::Caller;
use super::listing::Listing;
use crate::error::ApiError;
use crate::world::World;

pub(super) fn router() -> Router<World> {
    Router::new()
        .route("/users/me", get(me))
        .route("/companies", get(companies))
        .route("/departments", get(departments))
        .route("/employment_types", get(employment_types))
}

async fn me(Caller(grant): Caller) -> Json<Value> {
    Json(json!({
        "id": format!("user-{}", grant.email),
        "email": grant.email,
        "notification_email": grant.email,
        "admin": true,
        "role": null,
        "agreement_for_electronic_delivery": null,
        "crew_id": null,
        "addons": [],
        "invitation_created_at": null,
        "invitation_opened_at": null,
        "invitation_accepted_at": null,
        "invitation_answered_at": null,
        "suppressed_email_logs": [],
        "has_password": true,
        "updated_at": null,
        "created_at": null,
    }))
}

async fn companies(
    State(world): State<World>,
    Caller(grant): Caller,
    listing: Listing,
) -> Result<Response, ApiError> {
    world.visit(|state, _| {
        let company = state.company(&grant.tenant_id)?;
        Ok(listing.answer(&[company], |company| company.shown()))
    })
}

async fn departments(
    State(world): State<World>,
    Caller(grant): Caller,
    listing: Listing,
) -> Result<Response, ApiError> {
    world.visit(|state, _| {
        let company = state.company(&grant.tenant_id)?;
        Ok(listing.answer(&company.departments(), Value::clone))
    })
}

async fn employment_types(
    State(world): State<World>,
    Caller(grant): Caller,
    listing: Listing,
) -> Result<Response, ApiError> {
    world.visit(|state, _| {
        let company = state.company(&grant.tenant_id)?;
        Ok(listing.answer(&company.employment_types(), Value::clone))
    })
}
