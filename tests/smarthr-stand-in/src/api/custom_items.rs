//! `/v1/crew_custom_field_template_groups` and `/v1/crew_custom_field_templates`.

use std::collections::BTreeSet;

use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Caller;
use super::listing::Listing;
use crate::clock::written;
use crate::company::Company;
use crate::custom_items::{AccessType, Element, Group, Kind, Template};
use crate::error::ApiError;
use crate::world::{FreshNames, World};

pub(super) fn router() -> Router<World> {
    let groups = "/crew_custom_field_template_groups";
    let templates = "/crew_custom_field_templates";
    Router::new()
        .route(groups, get(list_groups).post(create_group))
        .route(
            &format!("{groups}/{{id}}"),
            get(one_group).delete(delete_group),
        )
        .route(templates, get(list_templates).post(create_template))
        .route(
            &format!("{templates}/{{id}}"),
            get(one_template).delete(delete_template),
        )
}

/// Names up to 25 characters (an older page of SmartHR's help).
const LONGEST_NAME: usize = 25;

#[derive(Deserialize)]
struct NewGroup {
    #[serde(default)]
    name: String,
    position: Option<i32>,
    #[serde(default)]
    access_type: AccessType,
}

#[derive(Deserialize)]
struct NewTemplate {
    #[serde(default)]
    name: String,
    #[serde(rename = "type")]
    kind: Kind,
    elements: Option<Vec<NewElement>>,
    group_id: String,
    hint: Option<String>,
    scale: Option<i32>,
    separated_by_commas: Option<bool>,
    position: i32,
}

#[derive(Deserialize)]
struct NewElement {
    name: String,
    physical_name: Option<String>,
    position: i32,
}

async fn list_groups(
    State(world): State<World>,
    Caller(grant): Caller,
    listing: Listing,
) -> Result<Response, ApiError> {
    let embed = listing.parameter("embed") == Some("templates");
    world.visit(|state, _| {
        let items = &state.company(&grant.tenant_id)?.items;
        Ok(listing.answer(&items.groups, |group| items.shown_group(group, embed)))
    })
}

async fn one_group(
    State(world): State<World>,
    Caller(grant): Caller,
    Path(id): Path<String>,
    listing: Listing,
) -> Result<Json<Value>, ApiError> {
    let embed = listing.parameter("embed") == Some("templates");
    world.visit(|state, _| {
        let items = &state.company(&grant.tenant_id)?.items;
        let mut groups = items.groups.iter();
        let group = groups
            .find(|group| group.id == id)
            .ok_or_else(ApiError::not_found)?;
        Ok(Json(items.shown_group(group, embed)))
    })
}

async fn create_group(
    State(world): State<World>,
    Caller(grant): Caller,
    body: Result<Json<NewGroup>, JsonRejection>,
) -> Result<(StatusCode, Json<Group>), ApiError> {
    let Json(new) = body?;
    check_name("crew_custom_field_template_group", &new.name)?;
    world.visit(|state, now| {
        let group = Group {
            id: state.names.id(),
            name: new.name,
            position: new.position,
            access_type: new.access_type,
            updated_at: written(now),
            created_at: written(now),
        };
        let company = state.company_mut(&grant.tenant_id)?;
        company.items.groups.push(group.clone());
        Ok((StatusCode::CREATED, Json(group)))
    })
}

async fn delete_group(
    State(world): State<World>,
    Caller(grant): Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    world.visit(|state, _| {
        let company = state.company_mut(&grant.tenant_id)?;
        let gone = company
            .items
            .delete_group(&id)
            .ok_or_else(ApiError::not_found)?;
        forget(company, &gone);
        Ok(StatusCode::NO_CONTENT)
    })
}

async fn list_templates(
    State(world): State<World>,
    Caller(grant): Caller,
    listing: Listing,
) -> Result<Response, ApiError> {
    world.visit(|state, _| {
        let company = state.company(&grant.tenant_id)?;
        Ok(listing.answer(&company.items.templates, |template| json!(template)))
    })
}

async fn one_template(
    State(world): State<World>,
    Caller(grant): Caller,
    Path(id): Path<String>,
) -> Result<Json<Template>, ApiError> {
    world.visit(|state, _| {
        let company = state.company(&grant.tenant_id)?;
        let template = company
            .items
            .template(&id)
            .ok_or_else(ApiError::not_found)?;
        Ok(Json(template.clone()))
    })
}

async fn create_template(
    State(world): State<World>,
    Caller(grant): Caller,
    body: Result<Json<NewTemplate>, JsonRejection>,
) -> Result<(StatusCode, Json<Template>), ApiError> {
    let Json(new) = body?;
    check_name(TEMPLATE, &new.name)?;
    world.visit(|state, now| {
        let company = state.company(&grant.tenant_id)?;
        if !company
            .items
            .groups
            .iter()
            .any(|group| group.id == new.group_id)
        {
            return Err(ApiError::bad_field(TEMPLATE, "group_id", "は存在しません"));
        }
        let template = Template {
            id: state.names.id(),
            name: new.name,
            kind: new.kind,
            elements: elements(new.kind, new.elements, &mut state.names)?,
            group_id: new.group_id,
            hint: new.hint,
            scale: new.scale,
            separated_by_commas: new.separated_by_commas,
            position: new.position,
            updated_at: written(now),
            created_at: written(now),
        };
        let company = state.company_mut(&grant.tenant_id)?;
        company.items.templates.push(template.clone());
        Ok((StatusCode::CREATED, Json(template)))
    })
}

async fn delete_template(
    State(world): State<World>,
    Caller(grant): Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    world.visit(|state, _| {
        let company = state.company_mut(&grant.tenant_id)?;
        let gone = company
            .items
            .delete_template(&id)
            .ok_or_else(ApiError::not_found)?;
        forget(company, &gone);
        Ok(StatusCode::NO_CONTENT)
    })
}

const TEMPLATE: &str = "crew_custom_field_template";

fn forget(company: &mut Company, templates: &BTreeSet<String>) {
    for crew in company.crews.iter_mut() {
        crew.forget_values(templates);
    }
}

fn check_name(resource: &str, name: &str) -> Result<(), ApiError> {
    if name.is_empty() {
        return Err(ApiError::bad_field(resource, "name", "を入力してください"));
    }
    if name.chars().count() > LONGEST_NAME {
        return Err(ApiError::bad_field(
            resource,
            "name",
            "は25文字以内で入力してください",
        ));
    }
    Ok(())
}

/// Gives the elements of an enum their ids; other kinds have none.
fn elements(
    kind: Kind,
    new: Option<Vec<NewElement>>,
    names: &mut FreshNames,
) -> Result<Option<Vec<Element>>, ApiError> {
    if kind != Kind::Enum {
        return Ok(None);
    }
    let new = new.unwrap_or_default();
    if new.is_empty() {
        return Err(ApiError::bad_field(
            TEMPLATE,
            "elements",
            "を入力してください",
        ));
    }
    let mut physical_names = BTreeSet::new();
    for name in new
        .iter()
        .filter_map(|element| element.physical_name.as_ref())
    {
        if !physical_names.insert(name) {
            return Err(ApiError::bad_field(
                TEMPLATE,
                "elements",
                "の物理名称が重複しています",
            ));
        }
    }
    let given = new.into_iter().map(|element| Element {
        id: names.id(),
        name: element.name,
        physical_name: element.physical_name,
        position: element.position,
    });
    Ok(Some(given.collect()))
}
