//! Failures on order: the next answers under a path go wrong in the way that was asked for.

use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::CONTENT_LENGTH;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::Value;

use crate::bodies::CutBody;
use crate::error::ApiError;
use crate::world::World;

/// One order. What is not given stays as SmartHR would answer.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Fault {
    /// Which requests: those whose path and query start with this.
    path: String,
    /// Only requests with this method.
    method: Option<String>,
    /// How many requests pass unharmed first.
    #[serde(default)]
    after: u32,
    /// How many requests are hit; None means all of them.
    count: Option<u32>,
    /// Answer this status without doing anything.
    status: Option<u16>,
    /// The body to go with `status`: text is sent as it is, else JSON; without it SmartHR's own.
    body: Option<Value>,
    /// Headers that are added to the answer.
    #[serde(default)]
    headers: std::collections::BTreeMap<String, String>,
    /// Wait this long first.
    #[serde(default)]
    delay_ms: u64,
    /// Do what was asked, then close the connection in the middle of the answer.
    #[serde(default)]
    cut: bool,
    /// Do what was asked, then answer with half of the JSON.
    #[serde(default)]
    broken_json: bool,
    /// Say this `x-total-count`.
    wrong_total: Option<u64>,
}

/// The orders that stand, oldest first. One request is hit by at most one.
#[derive(Default)]
pub(crate) struct Faults {
    pub(crate) orders: Vec<Fault>,
}

impl Faults {
    fn strike(&mut self, method: &Method, path: &str) -> Option<Fault> {
        let index = self.orders.iter_mut().position(|fault| {
            let method_fits = fault
                .method
                .as_deref()
                .is_none_or(|only| only == method.as_str());
            if !method_fits || !path.starts_with(&fault.path) {
                return false;
            }
            let strikes = fault.after == 0;
            fault.after = fault.after.saturating_sub(1);
            strikes
        })?;
        let fault = &mut self.orders[index];
        let hit = fault.clone();
        if let Some(count) = &mut fault.count {
            *count = count.saturating_sub(1);
            if *count == 0 {
                self.orders.remove(index);
            }
        }
        Some(hit)
    }
}

/// Middleware: carries out the orders.
pub(crate) async fn strike(State(world): State<World>, request: Request, next: Next) -> Response {
    let path = request
        .uri()
        .path_and_query()
        .map_or("", |path| path.as_str());
    let struck = world.visit(|state, _| state.faults.strike(request.method(), path));
    let Some(fault) = struck else {
        return next.run(request).await;
    };
    tokio::time::sleep(Duration::from_millis(fault.delay_ms)).await;
    let answer = match fault.status {
        Some(status) => refusal(status, fault.body.clone()),
        None => next.run(request).await,
    };
    damaged(answer, &fault).await
}

fn refusal(status: u16, body: Option<Value>) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    match body {
        None => ApiError::with_status(status).into_response(),
        Some(Value::String(text)) => (status, text).into_response(),
        Some(json) => (status, axum::Json(json)).into_response(),
    }
}

async fn damaged(answer: Response, fault: &Fault) -> Response {
    let (mut parts, body) = answer.into_parts();
    add(&mut parts.headers, fault);
    if !fault.cut && !fault.broken_json {
        return Response::from_parts(parts, body);
    }
    let whole = to_bytes(body, usize::MAX).await.unwrap_or_default();
    let half = whole.slice(..whole.len() / 2);
    let body = if fault.cut {
        // The length promises the whole answer, so that the reader knows it was cut.
        parts
            .headers
            .insert(CONTENT_LENGTH, HeaderValue::from(whole.len()));
        Body::new(CutBody::after(half))
    } else {
        parts.headers.remove(CONTENT_LENGTH);
        Body::from(half)
    };
    Response::from_parts(parts, body)
}

fn add(headers: &mut HeaderMap, fault: &Fault) {
    for (name, value) in &fault.headers {
        if let (Ok(name), Ok(value)) = (
            HeaderName::try_from(name.as_str()),
            HeaderValue::try_from(value.as_str()),
        ) {
            headers.insert(name, value);
        }
    }
    if let Some(total) = fault.wrong_total {
        headers.insert("x-total-count", HeaderValue::from(total));
    }
}
