//! Which companies the stand-in has, and who can log in to each.

use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use serde::{Deserialize, Serialize};

use super::Refusal;
use crate::company::{Company, Login};
use crate::state::SmartHr;

pub(super) fn router() -> Router<SmartHr> {
    Router::new().route("/companies", get(list).put(put))
}

/// A company without its people.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    tenant_id: String,
    subdomain: String,
    name: String,
    #[serde(default)]
    admins: Vec<Login>,
    /// People who may log in but are no admins.
    #[serde(default)]
    members: Vec<Login>,
}

async fn list(State(smarthr): State<SmartHr>) -> Json<Vec<Entry>> {
    smarthr.with(|state, _| {
        let entries = state.companies.iter().map(|company| Entry {
            tenant_id: company.tenant_id.clone(),
            subdomain: company.subdomain.clone(),
            name: company.name.clone(),
            admins: company.admins.clone(),
            members: company.members.clone(),
        });
        Json(entries.collect())
    })
}

/// Creates the companies whose tenant id is new and updates the others, whose people, items and tokens stay.
/// Companies that are not named stay as they are.
async fn put(
    State(smarthr): State<SmartHr>,
    body: Result<Json<Vec<Entry>>, JsonRejection>,
) -> Result<StatusCode, Refusal> {
    let Json(entries) = body?;
    smarthr.with(|state, now| {
        for entry in entries {
            let mut companies = state.companies.iter();
            let known = companies.position(|company| company.tenant_id == entry.tenant_id);
            let index = known.unwrap_or_else(|| {
                let new = Company::new(&entry.tenant_id, &entry.subdomain, &entry.name, now);
                state.companies.push(new);
                state.companies.len() - 1
            });
            let company = &mut state.companies[index];
            company.subdomain = entry.subdomain;
            company.name = entry.name;
            company.admins = entry.admins;
            company.members = entry.members;
        }
    });
    Ok(StatusCode::NO_CONTENT)
}
