//! All routes of the function, and the layers that apply to each of them.

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use web::{LARGEST_BODY, secured, with_problems_in_frame};

use crate::app::App;
use crate::idempotency::answer_once;
use crate::refusals::log_refusals;
use crate::{api, openapi, pages};

/// Returns the routes of the API, the pages and the OpenAPI document.
pub fn router(app: App) -> Router {
    let (store, clock) = (app.store().clone(), app.connections.clock);
    let router = api::routes()
        .route_layer(from_fn_with_state(app.clone(), answer_once))
        .route("/openapi.json", get(openapi::document))
        .merge(pages::routes())
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(from_fn_with_state(app.clone(), log_refusals))
        .with_state(app);
    with_problems_in_frame(secured(router), store, Arc::new(clock))
}
