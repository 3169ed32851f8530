//! Injected faults: the next answers under a path fail in the way that a test asked for.

use std::collections::BTreeMap;
use std::io;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::CONTENT_LENGTH;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde::Deserialize;
use serde_json::Value;

use crate::error::ApiError;
use crate::state::SmartHr;

/// One fault. Everything that it does not name stays as SmartHR would answer.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Fault {
    /// The beginning of the path and query of the requests that it hits.
    path: String,
    /// Only requests with this method.
    method: Option<String>,
    /// How many requests pass unharmed first.
    #[serde(default)]
    after: u32,
    /// How many requests are hit; `None` means all.
    count: Option<u32>,
    /// Answer with this status without doing anything.
    status: Option<u16>,
    /// The body of the answer with `status`: text is sent as it is, else JSON. `None` means SmartHR's own.
    body: Option<Value>,
    /// Headers that are added to the answer.
    #[serde(default)]
    headers: BTreeMap<String, String>,
    /// Wait this long first.
    #[serde(default)]
    delay_ms: u64,
    /// Handle the request, then close the connection in the middle of the answer.
    #[serde(default)]
    cut: bool,
    /// Handle the request, then answer with half of the JSON.
    #[serde(default)]
    broken_json: bool,
    /// Answer with this `x-total-count`.
    wrong_total: Option<u64>,
}

/// The faults to come, oldest first. At most one hits a request.
#[derive(Default)]
pub(crate) struct Faults {
    pub(crate) pending: Vec<Fault>,
}

impl Faults {
    fn take_matching(&mut self, method: &Method, path: &str) -> Option<Fault> {
        let index = self.pending.iter_mut().position(|fault| {
            let only = fault.method.as_deref();
            let matches = only.is_none_or(|only| only == method.as_str());
            if !matches || !path.starts_with(&fault.path) {
                return false;
            }
            let hits = fault.after == 0;
            fault.after = fault.after.saturating_sub(1);
            hits
        })?;
        let fault = &mut self.pending[index];
        let hit = fault.clone();
        if let Some(count) = &mut fault.count {
            *count = count.saturating_sub(1);
            if *count == 0 {
                self.pending.remove(index);
            }
        }
        Some(hit)
    }
}

/// Middleware that injects the faults.
pub(crate) async fn inject(
    State(smarthr): State<SmartHr>,
    request: Request,
    next: Next,
) -> Response {
    let uri = request.uri().path_and_query();
    let path = uri.map_or("", |path| path.as_str());
    let fault = smarthr.with(|state| state.faults.take_matching(request.method(), path));
    let Some(fault) = fault else {
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
        // The length is that of the whole answer, so that the reader notices the cut.
        let length = HeaderValue::from(whole.len());
        parts.headers.insert(CONTENT_LENGTH, length);
        Body::from_stream(stream::iter([
            Ok(half),
            Err(io::Error::from(io::ErrorKind::ConnectionReset)),
        ]))
    } else {
        parts.headers.remove(CONTENT_LENGTH);
        Body::from(half)
    };
    Response::from_parts(parts, body)
}

fn add(headers: &mut HeaderMap, fault: &Fault) {
    for (name, value) in &fault.headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            headers.insert(name, value);
        }
    }
    if let Some(total) = fault.wrong_total {
        headers.insert("x-total-count", HeaderValue::from(total));
    }
}
