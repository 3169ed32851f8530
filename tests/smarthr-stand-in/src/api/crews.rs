//! `/v1/crews`: the people.

use std::collections::BTreeSet;

use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Map, Value, json};

use super::Caller;
use super::listing::Listing;
use crate::company::Company;
use crate::crew::Crew;
use crate::error::ApiError;
use crate::world::{State as WorldState, World};

pub(super) fn router() -> Router<World> {
    Router::new()
        .route("/crews", get(list))
        .route("/crews/{id}", get(one).patch(update).put(replace))
}

const STATUSES: &[&str] = &["employed", "absent", "retired"];

/// What a crew must be given in a full update (SmartHR's Swagger).
const REQUIRED: &[&str] = &[
    "emp_status",
    "last_name",
    "first_name",
    "last_name_yomi",
    "first_name_yomi",
    "gender",
];

/// What is written by naming an id, and stays when none is named.
const REFERRED: &[&str] = &["department", "emp_type", "recruitment_type"];

/// What is shown of a crew but cannot be written through the API.
const READ_ONLY: &[&str] = &["user_id", "created_at", "departments", "employment_type"];

async fn list(
    State(world): State<World>,
    Caller(grant): Caller,
    listing: Listing,
) -> Result<Response, ApiError> {
    world.visit(|state, _| {
        let order = match listing.parameter("sort") {
            Some(sort) => Some(state.company_mut(&grant.tenant_id)?.crews.order(sort)?),
            None => None,
        };
        let company = state.company(&grant.tenant_id)?;
        let mut crews: Vec<&Crew> = match &order {
            Some(order) => order.iter().map(|place| &company.crews[*place]).collect(),
            None => company.crews.iter().collect(),
        };
        if let Some(status) = listing.parameter("emp_status") {
            if !STATUSES.contains(&status) {
                return Err(ApiError::bad_request("emp_status is invalid"));
            }
            crews.retain(|crew| crew.text("emp_status") == Some(status));
        }
        if let Some(code) = listing.parameter("emp_code") {
            crews.retain(|crew| crew.text("emp_code") == Some(code));
        }
        let fields = listing.parameter("fields");
        let view = View::new(&world, state, company, fields);
        Ok(listing.answer(&crews, |crew| view.of(crew)))
    })
}

async fn one(
    State(world): State<World>,
    Caller(grant): Caller,
    Path(id): Path<String>,
    listing: Listing,
) -> Result<Json<Value>, ApiError> {
    world.visit(|state, _| {
        let company = state.company(&grant.tenant_id)?;
        let crew = company.crew(&id).ok_or_else(ApiError::not_found)?;
        let fields = listing.parameter("fields");
        Ok(Json(View::new(&world, state, company, fields).of(crew)))
    })
}

async fn update(
    State(world): State<World>,
    Caller(grant): Caller,
    Path(id): Path<String>,
    body: Result<Json<Map<String, Value>>, JsonRejection>,
) -> Result<Json<Value>, ApiError> {
    let Json(changes) = body?;
    write(&world, &grant.tenant_id, &id, changes)
}

async fn replace(
    State(world): State<World>,
    Caller(grant): Caller,
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
    for name in crate::crew_attributes::ATTRIBUTES {
        let keeps = READ_ONLY.contains(name) || REFERRED.contains(name);
        if !keeps && !changes.contains_key(*name) {
            changes.insert((*name).to_owned(), Value::Null);
        }
    }
    write(&world, &grant.tenant_id, &id, changes)
}

fn write(
    world: &World,
    tenant_id: &str,
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
    world.visit(|state, now| {
        let company = state.company_mut(tenant_id)?;
        refer(company, &mut changes)?;
        let Company { crews, items, .. } = company;
        let crew = crews
            .iter_mut()
            .find(|crew| crew.id() == id)
            .ok_or_else(ApiError::not_found)?;
        let choices = items.choices(changes.get("custom_fields"))?;
        crew.write(&changes, now);
        crew.choose_all(choices, now);
        let company = state.company(tenant_id)?;
        let crew = company.crew(id).ok_or_else(ApiError::not_found)?;
        Ok(Json(View::new(world, state, company, None).of(crew)))
    })
}

/// Puts what `department_ids` and `employment_type_id` point at into the changes.
fn refer(company: &Company, changes: &mut Map<String, Value>) -> Result<(), ApiError> {
    if let Some(id) = changes
        .remove("employment_type_id")
        .filter(|id| !id.is_null())
    {
        let mut types = company.employment_types().into_iter();
        let found = types.find(|one| one["id"] == id);
        let found = found
            .ok_or_else(|| ApiError::bad_field("crew", "employment_type_id", "は存在しません"))?;
        changes.insert("emp_type".to_owned(), found["preset_type"].clone());
        changes.insert("employment_type".to_owned(), found);
    }
    if let Some(Value::Array(ids)) = changes.remove("department_ids") {
        let mut found = company.departments();
        found.retain(|department| ids.contains(&department["id"]));
        if found.len() != ids.len() {
            return Err(ApiError::bad_field(
                "crew",
                "department_ids",
                "は存在しません",
            ));
        }
        changes.insert(
            "department".to_owned(),
            found
                .first()
                .map_or(Value::Null, |one| one["full_name"].clone()),
        );
        changes.insert("departments".to_owned(), json!(found));
    }
    Ok(())
}

/// How a token sees crews: the attributes it asked for, null where it may not read.
struct View<'a> {
    company: &'a Company,
    hidden: &'a BTreeSet<String>,
    fields: Option<BTreeSet<String>>,
    null_for_unset: bool,
}

impl<'a> View<'a> {
    fn new(
        world: &World,
        state: &'a WorldState,
        company: &'a Company,
        fields: Option<&str>,
    ) -> Self {
        Self {
            company,
            hidden: &state.hidden_attributes,
            fields: fields.map(|names| {
                names
                    .split(',')
                    .map(|name| name.trim().to_owned())
                    .collect()
            }),
            null_for_unset: world.options().null_for_unset_items,
        }
    }

    fn of(&self, crew: &Crew) -> Value {
        let mut shown = crew.shown(&self.company.items, self.null_for_unset);
        for name in self.hidden {
            if let Some(value) = shown.get_mut(name) {
                *value = Value::Null;
            }
        }
        if let Some(fields) = &self.fields {
            shown.retain(|name, _| fields.contains(name));
        }
        Value::Object(shown)
    }
}
