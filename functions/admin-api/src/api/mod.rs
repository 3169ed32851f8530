//! The JSON API. `openapi/` lists the same handlers, and a test compares the two. The pages call the
//! same functions.

pub(crate) mod account_review;
pub(crate) mod allowed_domains;
pub(crate) mod audit_events;
pub(crate) mod connection;
pub(crate) mod contract;
pub(crate) mod employees;
pub(crate) mod field_change;
pub(crate) mod groups;
pub(crate) mod message;
pub(crate) mod notifications;
pub(crate) mod previews;
pub(crate) mod related_companies;
pub(crate) mod runs;
pub(crate) mod second_factor_requirement;
pub(crate) mod session;
pub(crate) mod single_sign_on;
pub(crate) mod users;
pub(crate) mod workspace_change;

use axum::Router;
use axum::routing::get;

use crate::app::App;

/// Returns the routes of the API.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/api/v1/session", get(session::session))
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
}
