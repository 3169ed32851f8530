//! Counts the requests that came in, so that a test can say how many it took.

use std::collections::BTreeMap;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;

use crate::world::World;

/// How often each method and path was asked for, as in `GET /api/v1/crews`.
#[derive(Default)]
pub(crate) struct Journal {
    pub(crate) requests: BTreeMap<String, u64>,
}

/// Middleware: counts a request, whatever becomes of it.
pub(crate) async fn count(State(world): State<World>, request: Request, next: Next) -> Response {
    let line = format!("{} {}", request.method(), request.uri().path());
    world.visit(|state, _| *state.journal.requests.entry(line).or_default() += 1);
    next.run(request).await
}
