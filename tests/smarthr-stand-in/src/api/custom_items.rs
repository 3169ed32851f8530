//! `/v1/crew_custom_field_template_groups` and `/v1/crew_custom_field_templates`.

use std::collections::BTreeSet;

use axum::extract::Path;
use axum::extract::rejection::JsonRejection;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};

use super::Caller;
use super::list_query::ListQuery;
use crate::clock::format_time;
use crate::company::Company;
use crate::custom_items::{Element, Group, Kind, Template};
use crate::error::ApiError;
use crate::state::{FreshIds, SmartHr};

pub(super) fn router() -> Router<SmartHr> {
    let groups = "/crew_custom_field_template_groups";
    let group = "/crew_custom_field_template_groups/{id}";
    let templates = "/crew_custom_field_templates";
    let template = "/crew_custom_field_templates/{id}";
    Router::new()
        .route(groups, get(list_groups).post(create_group))
        .route(group, get(one_group).delete(delete_group))
        .route(templates, get(list_templates).post(create_template))
        .route(template, get(one_template).delete(delete_template))
}

const GROUP: &str = "crew_custom_field_template_group";
const TEMPLATE: &str = "crew_custom_field_template";

/// The longest name, in characters (an older page of SmartHR's help).
const LONGEST_NAME: usize = 25;

async fn list_groups(caller: Caller, query: ListQuery) -> Result<Response, ApiError> {
    let embed = query.parameter("embed") == Some("templates");
    caller.read(|Company { items, .. }| {
        Ok(query.respond(&items.groups, |group| items.group_json(group, embed)))
    })
}

async fn one_group(
    caller: Caller,
    Path(id): Path<String>,
    query: ListQuery,
) -> Result<Json<Value>, ApiError> {
    let embed = query.parameter("embed") == Some("templates");
    caller.read(|Company { items, .. }| {
        let group = items.group(&id).ok_or_else(ApiError::not_found)?;
        Ok(Json(items.group_json(group, embed)))
    })
}

async fn create_group(
    caller: Caller,
    body: Result<Json<Group>, JsonRejection>,
) -> Result<(StatusCode, Json<Group>), ApiError> {
    let Json(mut group) = body?;
    check_name(GROUP, &group.name)?;
    caller.change(|company, ids, now| {
        group.id = ids.id();
        group.updated_at = format_time(now);
        group.created_at = format_time(now);
        company.items.groups.push(group.clone());
        Ok((StatusCode::CREATED, Json(group)))
    })
}

async fn delete_group(caller: Caller, Path(id): Path<String>) -> Result<StatusCode, ApiError> {
    caller.change(|company, _, _| {
        let deleted = company.items.delete_group(&id);
        forget_values(company, &deleted.ok_or_else(ApiError::not_found)?);
        Ok(StatusCode::NO_CONTENT)
    })
}

async fn list_templates(caller: Caller, query: ListQuery) -> Result<Response, ApiError> {
    caller.read(|company| Ok(query.respond(&company.items.templates, |template| json!(template))))
}

async fn one_template(caller: Caller, Path(id): Path<String>) -> Result<Json<Template>, ApiError> {
    caller.read(|company| {
        let template = company.items.template(&id);
        Ok(Json(template.ok_or_else(ApiError::not_found)?.clone()))
    })
}

async fn create_template(
    caller: Caller,
    body: Result<Json<Template>, JsonRejection>,
) -> Result<(StatusCode, Json<Template>), ApiError> {
    let Json(mut template) = body?;
    check_name(TEMPLATE, &template.name)?;
    caller.change(|Company { items, .. }, ids, now| {
        if items.group(&template.group_id).is_none() {
            return Err(ApiError::bad_field(TEMPLATE, "group_id", "は存在しません"));
        }
        template.id = ids.id();
        template.elements = match template.kind {
            Kind::Enum => Some(elements(template.elements.take().unwrap_or_default(), ids)?),
            _ => None,
        };
        template.updated_at = format_time(now);
        template.created_at = format_time(now);
        items.templates.push(template.clone());
        Ok((StatusCode::CREATED, Json(template)))
    })
}

async fn delete_template(caller: Caller, Path(id): Path<String>) -> Result<StatusCode, ApiError> {
    caller.change(|company, _, _| {
        let deleted = company.items.delete_template(&id);
        forget_values(company, &deleted.ok_or_else(ApiError::not_found)?);
        Ok(StatusCode::NO_CONTENT)
    })
}

fn forget_values(company: &mut Company, templates: &BTreeSet<String>) {
    for crew in company.crews.iter_mut() {
        crew.forget_values(templates);
    }
}

fn check_name(resource: &str, name: &str) -> Result<(), ApiError> {
    let message = match name.chars().count() {
        0 => "を入力してください",
        1..=LONGEST_NAME => return Ok(()),
        _ => "は25文字以内で入力してください",
    };
    Err(ApiError::bad_field(resource, "name", message))
}

/// Returns the elements of an enum with new ids.
fn elements(mut elements: Vec<Element>, ids: &mut FreshIds) -> Result<Vec<Element>, ApiError> {
    let refused = |message| Err(ApiError::bad_field(TEMPLATE, "elements", message));
    if elements.is_empty() {
        return refused("を入力してください");
    }
    let mut known = BTreeSet::new();
    let names = elements.iter().filter_map(|one| one.physical_name.as_ref());
    if !names.into_iter().all(|name| known.insert(name)) {
        return refused("の物理名称が重複しています");
    }
    for element in &mut elements {
        element.id = ids.id();
    }
    Ok(elements)
}
