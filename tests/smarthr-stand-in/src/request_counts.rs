//! Counts the requests that came in, so that a test can say how many it took.

use std::collections::BTreeMap;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;

use crate::state::SmartHr;

/// How often each method and path was requested, as in `GET /api/v1/crews`.
pub(crate) type RequestCounts = BTreeMap<String, u64>;

/// Middleware that counts a request, whatever its answer.
pub(crate) async fn count(
    State(smarthr): State<SmartHr>,
    request: Request,
    next: Next,
) -> Response {
    let line = format!("{} {}", request.method(), request.uri().path());
    smarthr.with(|state, _| *state.request_counts.entry(line).or_default() += 1);
    next.run(request).await
}
