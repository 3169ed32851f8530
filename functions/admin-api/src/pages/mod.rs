//! The console for people: pages and forms, which work without scripts. They do what the JSON API
//! does, by the same functions.

mod chart;
mod connect;
mod disconnect;
mod forbidden;
mod gate;
mod history;
mod japan_time;
mod notice;
mod people;
mod preview;
mod query;
mod run;
mod run_line;
mod save_settings;
mod settings;
mod smarthr;
mod start;
mod users;
mod waiting;

use axum::Router;

use crate::app::App;

/// The addresses of all pages.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .merge(settings::routes())
        .merge(smarthr::routes())
        .merge(connect::routes())
        .merge(disconnect::routes())
        .merge(start::routes())
        .merge(history::routes())
        .merge(run::routes())
        .merge(preview::routes())
        .merge(users::routes())
}
