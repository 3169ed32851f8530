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
use crate::error::ApiError;
use crate::state::{SmartHr, SmartHrState};
use crate::webhooks::CrewEvent;

pub(super) fn router() -> Router<SmartHr> {
    Router::new()
        .route("/crews", get(list).put(replace))
        .route("/crews/{id}", patch(change))
        .route("/choices", post(choose))
}

/// The company that is meant, by its subdomain; the first one when none is named.
#[derive(Deserialize)]
pub(super) struct CompanyQuery {
    pub(super) company: Option<String>,
}

/// How a list of people replaces the one before.
#[derive(Deserialize)]
struct Replacement {
    company: Option<String>,
    /// Whether the list is imported: that is reported once, and about nobody in particular.
    #[serde(default)]
    import: bool,
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
    Query(query): Query<Replacement>,
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
        let mut old: HashMap<&str, &Crew> = old.iter().map(|crew| (crew.id(), crew)).collect();
        let (mut created, mut updated) = (Vec::new(), Vec::new());
        let crews = crews.into_iter().map(|crew| {
            let Some(old) = old.remove(crew.id()) else {
                created.push(crew.id().to_owned());
                return crew;
            };
            let crew = crew.in_place_of(old);
            if crew != *old {
                updated.push(crew.id().to_owned());
            }
            crew
        });
        company.crews = crews.collect();
        let deleted: Vec<String> = old.into_keys().map(str::to_owned).collect();
        let tenant_id = company.account.tenant_id.clone();
        for (event, crews) in [
            (CrewEvent::Created, created),
            (CrewEvent::Updated, updated),
            (CrewEvent::Deleted, deleted),
        ] {
            if !crews.is_empty() && !query.import {
                state.report(&tenant_id, event, &crews);
            }
        }
        if query.import {
            state.report(&tenant_id, CrewEvent::Imported, &[]);
        }
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
    let crew = smarthr.with(|state| change_crew(state, &id, &changes))?;
    crew.map(Json).ok_or_else(|| Refusal::unknown("crew"))
}

/// Changes some attributes of one person, of any company, and returns the person; `None` if there is nobody with that
/// id.
///
/// # Errors
///
/// Those of [`Crew::write_with_items`]; nothing is changed then.
pub(crate) fn change_crew(
    state: &mut SmartHrState,
    id: &str,
    changes: &Map<String, Value>,
) -> Result<Option<Map<String, Value>>, ApiError> {
    for Company {
        account,
        crews,
        items,
        ..
    } in &mut state.companies
    {
        if let Some(crew) = crews.iter_mut().find(|crew| crew.id() == id) {
            let before = crew.clone();
            crew.write_with_items(changes, items, state.now)?;
            let null_for_unset = state.options.null_for_unset_items;
            let (shown, is_same) = (crew.to_json(items, null_for_unset), *crew == before);
            if !is_same {
                let tenant_id = account.tenant_id.clone();
                state.report(&tenant_id, CrewEvent::Updated, &[id.to_owned()]);
            }
            return Ok(Some(shown));
        }
    }
    Ok(None)
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
        let Company {
            account,
            crews,
            items,
            ..
        } = company_of(state, choice.company.as_deref())?;
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
        let before = crew.clone();
        crew.choose(&template.id, element.map(|one| one.id.clone()), now);
        if *crew != before {
            let tenant_id = account.tenant_id.clone();
            state.report(&tenant_id, CrewEvent::Updated, &[choice.crew_id]);
        }
        Ok(StatusCode::NO_CONTENT)
    })
}
