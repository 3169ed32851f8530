//! The console for people: pages and forms, which work without scripts. They call the same functions as
//! the JSON API.

mod account_review;
mod allowed_domains;
mod audit_events;
mod connection;
mod contract;
mod dashboard;
mod employees;
mod groups;
mod menus;
mod notice;
mod notifications;
mod previews;
mod query;
mod related_companies;
mod runs;
mod second_factor_requirement;
mod single_sign_on;
mod sync_status;
mod to_do;
mod users;
mod wire_names;
mod workspaces;

use axum::Router;

use crate::app::App;

/// Returns the routes of all pages.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .merge(dashboard::routes())
        .merge(menus::routes())
        .merge(connection::routes())
        .merge(runs::routes())
        .merge(employees::routes())
        .merge(previews::routes())
        .merge(users::routes())
        .merge(audit_events::routes())
        .merge(single_sign_on::routes())
        .merge(second_factor_requirement::routes())
        .merge(allowed_domains::routes())
        .merge(notifications::routes())
        .merge(contract::routes())
        .merge(groups::routes())
        .merge(account_review::routes())
        .merge(related_companies::routes())
        .merge(workspaces::routes())
}
