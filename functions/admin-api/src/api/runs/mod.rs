//! The API of 「ユーザー同期履歴」 and 「今すぐ同期」.

pub(crate) mod account_changes;
pub(crate) mod held_deletions;
pub(crate) mod history;
pub(crate) mod log;
pub(crate) mod log_rows;
pub(crate) mod people;
pub(crate) mod run;
pub(crate) mod start;
pub(crate) mod start_requests;
pub(crate) mod view;

use axum::Router;
use axum::routing::{get, post};

use crate::app::App;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/api/v1/runs", get(history::runs).post(start::start_run))
        .route("/api/v1/runs/{id}", get(run::run))
        .route("/api/v1/runs/{id}/log", get(log::log))
        .route(
            "/api/v1/runs/{id}/held-deletions",
            post(held_deletions::decide_held_deletions),
        )
        .route(
            "/api/v1/runs/{id}/held-account-changes",
            post(account_changes::answer_account_changes),
        )
        .route("/api/v1/runs/{id}/people", get(people::people_of_run))
}
