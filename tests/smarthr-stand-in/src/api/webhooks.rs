//! `/v1/webhooks`: where SmartHR reports that people changed.

use axum::extract::Path;
use axum::extract::rejection::JsonRejection;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use axum::{Json, Router};
use serde_json::Value;

use super::Caller;
use super::list_query::ListQuery;
use crate::error::ApiError;
use crate::state::{SmartHr, SmartHrState, company_mut};
use crate::webhooks::{Webhook, WrittenWebhook};

pub(super) fn router() -> Router<SmartHr> {
    let one_webhook = get(one).put(replace).patch(update).delete(delete);
    Router::new()
        .route("/webhooks", get(list).post(create))
        .route("/webhooks/{id}", one_webhook)
}

async fn list(caller: Caller, query: ListQuery) -> Result<Response, ApiError> {
    caller.read(|company| Ok(query.respond(&company.webhooks, Webhook::to_json)))
}

async fn one(caller: Caller, Path(id): Path<String>) -> Result<Json<Value>, ApiError> {
    caller.read(|company| {
        let webhook = company.webhook(&id).ok_or_else(ApiError::not_found)?;
        Ok(Json(webhook.to_json()))
    })
}

async fn create(
    caller: Caller,
    body: Result<Json<WrittenWebhook>, JsonRejection>,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    let Json(written) = body?;
    caller.smarthr.with(|state| {
        let id = state.ids.id();
        let private = state.options.private_webhooks;
        let webhook = Webhook::new(id, written, private, state.now)?;
        let shown = webhook.to_json();
        let company = company_mut(&mut state.companies, &caller.grant.tenant_id)?;
        company.webhooks.push(webhook);
        Ok((StatusCode::CREATED, Json(shown)))
    })
}

async fn replace(
    caller: Caller,
    Path(id): Path<String>,
    body: Result<Json<WrittenWebhook>, JsonRejection>,
) -> Result<Json<Value>, ApiError> {
    let Json(written) = body?;
    write(&caller, &id, |state, _| {
        let private = state.options.private_webhooks;
        Webhook::new(id.clone(), written, private, state.now)
    })
}

async fn update(
    caller: Caller,
    Path(id): Path<String>,
    body: Result<Json<Value>, JsonRejection>,
) -> Result<Json<Value>, ApiError> {
    let Json(changes) = body?;
    write(&caller, &id, |state, before| {
        before.patched(&changes, state.options.private_webhooks, state.now)
    })
}

fn write(
    caller: &Caller,
    id: &str,
    next: impl FnOnce(&SmartHrState, &Webhook) -> Result<Webhook, ApiError>,
) -> Result<Json<Value>, ApiError> {
    let tenant_id = &caller.grant.tenant_id;
    caller.smarthr.with(|state| {
        let before = state.company(tenant_id)?.webhook(id);
        let before = before.ok_or_else(ApiError::not_found)?;
        let mut next = next(state, before)?;
        next.created_at = before.created_at;
        let shown = next.to_json();
        let webhooks = &mut company_mut(&mut state.companies, tenant_id)?.webhooks;
        for webhook in webhooks.iter_mut().filter(|webhook| webhook.id == id) {
            *webhook = next.clone();
        }
        Ok(Json(shown))
    })
}

async fn delete(caller: Caller, Path(id): Path<String>) -> Result<StatusCode, ApiError> {
    caller.change(|company, _, _| {
        let before = company.webhooks.len();
        company.webhooks.retain(|webhook| webhook.id != id);
        if company.webhooks.len() == before {
            return Err(ApiError::not_found());
        }
        Ok(StatusCode::NO_CONTENT)
    })
}
