//! The API of 「この人を今すぐ同期」.

pub(crate) mod progress;
pub(crate) mod sync;

use axum::Router;
use axum::routing::get;

use crate::app::App;

pub(super) fn routes() -> Router<App> {
    Router::new().route(
        "/api/v1/employees/{id}/sync",
        get(progress::employee_sync).post(sync::sync_employee),
    )
}
