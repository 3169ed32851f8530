//! All routes, and what holds for each of them.

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::{delete, get, post, put};
use web::{LARGEST_BODY, Sessions, frame_refusals, secured};

use crate::app::App;
use crate::idempotency::once;
use crate::{
    delete_user, deleted_users, disconnect, initial_password, integration_view, invitations, link,
    openapi, pages, previews, run_people, runs, session, settings, start_run, unlink, user_changes,
    users,
};

/// The JSON API. `openapi.rs` names the same handlers, and a test holds the two together.
pub(crate) fn api() -> Router<App> {
    Router::new()
        .route("/api/v1/session", get(session::session))
        .route(
            "/api/v1/integration",
            get(integration_view::integration).delete(disconnect::disconnect),
        )
        .route("/api/v1/integration/connect", post(link::connect))
        .route("/api/v1/integration/relink", post(link::relink))
        .route("/api/v1/integration/settings", put(settings::save_settings))
        .route("/api/v1/runs", get(runs::runs).post(start_run::start_run))
        .route("/api/v1/runs/{id}", get(runs::run))
        .route("/api/v1/runs/{id}/log", get(runs::log))
        .route(
            "/api/v1/runs/{id}/held-deletions",
            post(runs::decide_held_deletions),
        )
        .route("/api/v1/runs/{id}/people", get(run_people::people_of_run))
        .route("/api/v1/previews", post(start_run::start_preview))
        .route("/api/v1/previews/{id}", get(previews::preview))
        .route(
            "/api/v1/previews/{id}/people",
            get(run_people::people_of_preview),
        )
        .route("/api/v1/users", get(users::users))
        .route(
            "/api/v1/users/{id}",
            get(users::user)
                .patch(user_changes::change_user)
                .delete(delete_user::delete_user),
        )
        .route("/api/v1/users/{id}/link", delete(unlink::unlink))
        .route("/api/v1/users/{id}/invitation", post(invitations::invite))
        .route(
            "/api/v1/users/invitations",
            post(invitations::invite_several),
        )
        .route(
            "/api/v1/users/{id}/initial-password",
            post(initial_password::issue),
        )
        .route("/api/v1/deleted-users", get(deleted_users::deleted_users))
        .route(
            "/api/v1/deleted-users/{id}/restore",
            post(deleted_users::restore),
        )
}

/// The function's routes.
pub fn router(app: App) -> Router {
    let sessions = Sessions {
        store: app.store().clone(),
        clock: Arc::new(app.connections.clock),
    };
    let router = api()
        .route_layer(from_fn_with_state(app.clone(), once))
        .route("/openapi.json", get(openapi::document))
        .merge(pages::routes())
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .with_state(app);
    secured(router).layer(from_fn_with_state(sessions, frame_refusals))
}
