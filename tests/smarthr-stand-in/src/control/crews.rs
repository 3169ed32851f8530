//! The work of the customer's HR people: hire, change, retire and delete people, and choose custom items.

use std::collections::HashMap;

use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::routing::{get, patch, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{Refusal, company_of};
use crate::company::Company;
use crate::crew::Crew;
use crate::state::SmartHr;

pub(super) fn router() -> Router<SmartHr> {
    Router::new()
        .route("/crews", get(list).put(replace))
        .route("/crews/{id}", patch(change))
        .route("/choices", post(choose))
}

/// The company that is meant, by its subdomain; the first one when none is named.
#[derive(Deserialize)]
struct CompanyQuery {
    company: Option<String>,
}

async fn list(
    State(smarthr): State<SmartHr>,
    Query(query): Query<CompanyQuery>,
) -> Result<Json<Vec<Value>>, Refusal> {
    smarthr.with(|state| {
        let null_for_unset = state.options.null_for_unset_items;
        let company = company_of(state, query.company.as_deref())?;
        let crews = company.crews.iter();
        let shown = crews.map(|crew| Value::Object(crew.to_json(&company.items, null_for_unset)));
        Ok(Json(shown.collect()))
    })
}

/// Replaces all people. A person without an id gets one; a person who is the same as before keeps `updated_at`.
async fn replace(
    State(smarthr): State<SmartHr>,
    Query(query): Query<CompanyQuery>,
    body: Result<Json<Vec<Map<String, Value>>>, JsonRejection>,
) -> Result<StatusCode, Refusal> {
    let Json(entries) = body?;
    smarthr.with(|state| {
        let now = state.now;
        let mut crews = Vec::with_capacity(entries.len());
        for entry in &entries {
            let id = entry.get("id").and_then(Value::as_str);
            let id = id.map_or_else(|| state.ids.id(), str::to_owned);
            crews.push(Crew::new(id, now));
        }
        let company = company_of(state, query.company.as_deref())?;
        for (crew, entry) in crews.iter_mut().zip(&entries) {
            crew.write_with_items(entry, &company.items, now)?;
        }
        let old = std::mem::take(&mut *company.crews);
        let old: HashMap<&str, &Crew> = old.iter().map(|crew| (crew.id(), crew)).collect();
        let crews = crews.into_iter().map(|crew| match old.get(crew.id()) {
            Some(old) => crew.in_place_of(old),
            None => crew,
        });
        company.crews = crews.collect();
        Ok(StatusCode::NO_CONTENT)
    })
}

/// Changes some attributes of one person, of any company, and returns the person.
async fn change(
    State(smarthr): State<SmartHr>,
    Path(id): Path<String>,
    body: Result<Json<Map<String, Value>>, JsonRejection>,
) -> Result<Json<Map<String, Value>>, Refusal> {
    let Json(changes) = body?;
    smarthr.with(|state| {
        for Company { crews, items, .. } in &mut state.companies {
            if let Some(crew) = crews.iter_mut().find(|crew| crew.id() == id) {
                crew.write_with_items(&changes, items, state.now)?;
                let null_for_unset = state.options.null_for_unset_items;
                return Ok(Json(crew.to_json(items, null_for_unset)));
            }
        }
        Err(Refusal::unknown("crew"))
    })
}

/// The choice that an admin makes for a person on SmartHR's screen; a null `value` clears it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Choice {
    company: Option<String>,
    crew_id: String,
    item: String,
    value: Option<String>,
}

async fn choose(
    State(smarthr): State<SmartHr>,
    body: Result<Json<Choice>, JsonRejection>,
) -> Result<StatusCode, Refusal> {
    let Json(choice) = body?;
    smarthr.with(|state| {
        let now = state.now;
        let Company { crews, items, .. } = company_of(state, choice.company.as_deref())?;
        let mut templates = items.templates.iter();
        let template = templates.find(|template| template.name == choice.item);
        let template = template.ok_or_else(|| Refusal::unknown("item"))?;
        let element = choice.value.as_ref().map(|name| {
            let element = template.choice_named(name);
            element.ok_or_else(|| Refusal::unknown("value"))
        });
        let element = element.transpose()?;
        let crew = crews.iter_mut().find(|crew| crew.id() == choice.crew_id);
        let crew = crew.ok_or_else(|| Refusal::unknown("crew"))?;
        crew.choose(&template.id, element.map(|one| one.id.clone()), now);
        Ok(StatusCode::NO_CONTENT)
    })
}
