//! The pages of 「ユーザー同期履歴」 and [今すぐ同期].

mod count;
mod days;
pub(super) mod failures;
mod held;
mod history;
pub(super) mod people;
mod run;
pub(super) mod run_line;
mod start;
pub(super) mod waiting;
mod who_acted;

use axum::Router;
use axum::routing::{get, post};

use crate::app::App;

/// The path of these pages in the navigation.
pub(super) const PATH: &str = "/settings/smarthr/history";

/// Returns the routes of the history, its runs and their logs, and of [今すぐ同期].
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route(
            "/settings/smarthr/runs",
            get(start::ask).post(start::submit),
        )
        .route(failures::PATH, get(failures::show))
        .route(PATH, get(history::show))
        .route("/settings/smarthr/history/{run_id}", get(run::show))
        .route("/settings/smarthr/history/{run_id}/log", get(history::log))
        .route(
            "/settings/smarthr/history/{run_id}/held-deletions",
            post(held::answer),
        )
        .route(
            "/settings/smarthr/history/{run_id}/held-deletions/confirm",
            post(held::confirm),
        )
        .route(
            "/settings/smarthr/history/{run_id}/held-account-changes",
            post(run::answer_account_change),
        )
}
