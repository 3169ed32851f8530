//! Which companies there are and who logs in there.

use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use serde::{Deserialize, Serialize};

use super::Refusal;
use crate::company::{Company, Login};
use crate::world::World;

pub(super) fn router() -> Router<World> {
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
    /// People who can log in and are not admins.
    #[serde(default)]
    members: Vec<Login>,
}

async fn list(State(world): State<World>) -> Json<Vec<Entry>> {
    world.visit(|state, _| {
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

/// Creates the companies whose tenant id is new and renames the others, whose people, items and
/// tokens stay. Companies that are not named stay as they are.
async fn put(
    State(world): State<World>,
    body: Result<Json<Vec<Entry>>, JsonRejection>,
) -> Result<StatusCode, Refusal> {
    let Json(entries) = body?;
    world.visit(|state, now| {
        for entry in entries {
            let known = state
                .companies
                .iter()
                .position(|company| company.tenant_id == entry.tenant_id);
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
