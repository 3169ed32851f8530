//! `/v1/crews`: the people.

use std::collections::BTreeSet;

use axum::extract::Path;
use axum::extract::rejection::JsonRejection;
use axum::response::Response;
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Map, Value, json};

use super::Caller;
use super::list_query::ListQuery;
use crate::company::Company;
use crate::crew::Crew;
use crate::crew_attributes::ATTRIBUTES;
use crate::error::ApiError;
use crate::state::{SmartHr, SmartHrState, company_mut};
use crate::webhooks::CrewEvent;

pub(super) fn router() -> Router<SmartHr> {
    Router::new()
        .route("/crews", get(list))
        .route("/crews/{id}", get(one).patch(update).put(replace))
}

const STATUSES: &[&str] = &["employed", "absent", "retired"];

/// The attributes that a full update must name (SmartHR's Swagger).
const REQUIRED: &[&str] = &[
    "emp_status",
    "last_name",
    "first_name",
    "last_name_yomi",
    "first_name_yomi",
    "gender",
];

/// The attributes that are written by naming an id, and stay when none is named.
const REFERENCES: &[&str] = &["department", "emp_type", "recruitment_type"];

/// The attributes that are shown but cannot be written through the API.
const READ_ONLY: &[&str] = &["user_id", "created_at", "departments", "employment_type"];

async fn list(caller: Caller, query: ListQuery) -> Result<Response, ApiError> {
    let tenant_id = &caller.grant.tenant_id;
    caller.smarthr.with(|state| {
        let crews = &mut company_mut(&mut state.companies, tenant_id)?.crews;
        let sort = query.parameter("sort");
        let order = sort.map(|sort| crews.order(sort)).transpose()?;
        let company = state.company(tenant_id)?;
        let mut crews: Vec<&Crew> = match &order {
            Some(order) => order.iter().map(|place| &company.crews[*place]).collect(),
            None => company.crews.iter().collect(),
        };
        if let Some(status) = query.parameter("emp_status") {
            if !STATUSES.contains(&status) {
                return Err(ApiError::bad_request("emp_status is invalid"));
            }
            crews.retain(|crew| crew.text("emp_status") == Some(status));
        }
        if let Some(code) = query.parameter("emp_code") {
            crews.retain(|crew| crew.text("emp_code") == Some(code));
        }
        if let Some(ids) = query.parameter("id") {
            let ids: BTreeSet<&str> = ids.split(',').map(str::trim).collect();
            crews.retain(|crew| ids.contains(crew.id()));
        }
        let view = View::new(&caller, state, query.parameter("fields"))?;
        Ok(query.respond(&crews, |crew| view.to_json(crew)))
    })
}

async fn one(
    caller: Caller,
    Path(id): Path<String>,
    query: ListQuery,
) -> Result<Json<Value>, ApiError> {
    caller.smarthr.with(|state| {
        let view = View::new(&caller, state, query.parameter("fields"))?;
        let crew = view.company.crew(&id).ok_or_else(ApiError::not_found)?;
        Ok(Json(view.to_json(crew)))
    })
}

async fn update(
    caller: Caller,
    Path(id): Path<String>,
    body: Result<Json<Map<String, Value>>, JsonRejection>,
) -> Result<Json<Value>, ApiError> {
    let Json(changes) = body?;
    write(&caller, &id, changes)
}

async fn replace(
    caller: Caller,
    Path(id): Path<String>,
    body: Result<Json<Map<String, Value>>, JsonRejection>,
) -> Result<Json<Value>, ApiError> {
    let Json(mut changes) = body?;
    for required in REQUIRED {
        if changes.get(*required).is_none_or(Value::is_null) {
            return Err(ApiError::bad_field("crew", required, "を入力してください"));
        }
    }
    // What a full update does not name is blank afterwards.
    for name in ATTRIBUTES.iter() {
        let stays = READ_ONLY.contains(name) || REFERENCES.contains(name);
        if !stays && !changes.contains_key(*name) {
            changes.insert((*name).to_owned(), Value::Null);
        }
    }
    write(&caller, &id, changes)
}

fn write(
    caller: &Caller,
    id: &str,
    mut changes: Map<String, Value>,
) -> Result<Json<Value>, ApiError> {
    for name in READ_ONLY {
        changes.remove(*name);
    }
    if let Some(status) = changes.get("emp_status")
        && !status.as_str().is_some_and(|text| STATUSES.contains(&text))
    {
        return Err(ApiError::bad_field("crew", "emp_status", "は不正な値です"));
    }
    caller.smarthr.with(|state| {
        let company = company_mut(&mut state.companies, &caller.grant.tenant_id)?;
        resolve_ids(company, &mut changes)?;
        let Company { crews, items, .. } = company;
        let crew = crews.iter_mut().find(|crew| crew.id() == id);
        let crew = crew.ok_or_else(ApiError::not_found)?;
        let before = crew.clone();
        crew.write_with_items(&changes, items, state.now)?;
        if *crew != before {
            let tenant_id = &caller.grant.tenant_id;
            state.report(tenant_id, CrewEvent::Updated, &[id.to_owned()]);
        }
        let view = View::new(caller, state, None)?;
        let crew = view.company.crew(id).ok_or_else(ApiError::not_found)?;
        Ok(Json(view.to_json(crew)))
    })
}

/// Replaces `department_ids` and `employment_type_id` by the attributes that they stand for.
fn resolve_ids(company: &Company, changes: &mut Map<String, Value>) -> Result<(), ApiError> {
    let unknown = |field| ApiError::bad_field("crew", field, "は存在しません");
    let type_id = changes.remove("employment_type_id");
    if let Some(id) = type_id.filter(|id| !id.is_null()) {
        let mut types = company.employment_types().into_iter();
        let found = types.find(|one| one["id"] == id);
        let found = found.ok_or_else(|| unknown("employment_type_id"))?;
        changes.insert("emp_type".to_owned(), found["preset_type"].clone());
        changes.insert("employment_type".to_owned(), found);
    }
    if let Some(Value::Array(ids)) = changes.remove("department_ids") {
        let mut found = company.departments();
        found.retain(|department| ids.contains(&department["id"]));
        if found.len() != ids.len() {
            return Err(unknown("department_ids"));
        }
        let first = found.first().map(|one| one["full_name"].clone());
        changes.insert("department".to_owned(), first.unwrap_or_default());
        changes.insert("departments".to_owned(), json!(found));
    }
    Ok(())
}

/// How a token sees the crews of its company: the attributes that were asked for, null where it may not read.
struct View<'a> {
    state: &'a SmartHrState,
    company: &'a Company,
    fields: Option<BTreeSet<&'a str>>,
}

impl<'a> View<'a> {
    fn new(
        caller: &Caller,
        state: &'a SmartHrState,
        fields: Option<&'a str>,
    ) -> Result<Self, ApiError> {
        Ok(Self {
            state,
            company: state.company(&caller.grant.tenant_id)?,
            fields: fields.map(|names| names.split(',').map(str::trim).collect()),
        })
    }

    fn to_json(&self, crew: &Crew) -> Value {
        let null_for_unset = self.state.options.null_for_unset_items;
        let mut shown = crew.to_json(&self.company.items, null_for_unset);
        for name in &self.state.hidden_attributes {
            if let Some(value) = shown.get_mut(name) {
                *value = Value::Null;
            }
        }
        if let Some(fields) = &self.fields {
            shown.retain(|name, _| fields.contains(name.as_str()));
        }
        Value::Object(shown)
    }
}
