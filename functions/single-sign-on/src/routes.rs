//! The router: all routes of this function.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use web::{LARGEST_BODY, secured, with_problems_in_frame};

use crate::app::App;
use crate::{callback, confirmation, connection_test, saml, start};

/// The largest form with a SAML message of 256 KiB in it.
const LARGEST_MESSAGE: usize = 1024 * 1024;

fn saml_messages() -> Router<App> {
    Router::new()
        .route("/sso/acs/{workspace_id}", post(saml::answer::answer))
        .route("/settings/single-sign-on/saml", post(saml::settings::save))
        .layer(DefaultBodyLimit::max(LARGEST_MESSAGE))
}

/// Returns the routes of this function; infra/template.yaml sends the same ones here.
pub fn router(app: App) -> Router {
    let (store, clock) = (app.store.clone(), app.clock.clone());
    let router = Router::new()
        .route("/sso", post(start::by_account))
        .route("/sso/{company_code}", get(start::by_company_code))
        .route("/sso/callback/{workspace_id}", get(callback::callback))
        .route("/account/confirm/single-sign-on", post(confirmation::begin))
        .route(
            "/settings/single-sign-on/test",
            post(connection_test::begin),
        )
        .route(
            "/sso/metadata/{workspace_id}",
            get(saml::metadata::metadata),
        )
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .merge(saml_messages())
        .with_state(app);
    with_problems_in_frame(secured(router), store, clock)
}
