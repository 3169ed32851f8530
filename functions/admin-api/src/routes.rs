//! All routes, and what holds for each of them.

use std::sync::Arc;

use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use axum::{Json, Router};
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use web::{Sessions, frame_refusals, secured};

use crate::app::App;
use crate::once::once;
use crate::openapi::{Document, complete};
use crate::{
    delete_user, deleted_users, disconnect, initial_password, integration_view, invitations, link,
    pages, previews, run_people, runs, session, settings, start_run, unlink, user_changes, users,
};

/// Nothing that is sent to us is larger.
pub(crate) const LARGEST_BODY: usize = 64 * 1024;

/// The function's routes.
pub fn router(app: App) -> Router {
    let (router, mut document) = OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(session::session))
        .routes(routes!(
            integration_view::integration,
            disconnect::disconnect
        ))
        .routes(routes!(link::connect))
        .routes(routes!(link::relink))
        .routes(routes!(settings::save_settings))
        .routes(routes!(runs::runs, start_run::start_run))
        .routes(routes!(runs::run))
        .routes(routes!(runs::log))
        .routes(routes!(runs::decide_held))
        .routes(routes!(run_people::people_of_run))
        .routes(routes!(start_run::start_preview))
        .routes(routes!(previews::preview))
        .routes(routes!(run_people::people_of_preview))
        .routes(routes!(users::users))
        .routes(routes!(
            users::user,
            user_changes::change_user,
            delete_user::delete_user
        ))
        .routes(routes!(unlink::unlink))
        .routes(routes!(invitations::invite))
        .routes(routes!(invitations::invite_several))
        .routes(routes!(initial_password::issue))
        .routes(routes!(deleted_users::deleted_users))
        .routes(routes!(deleted_users::restore))
        .split_for_parts();
    complete(&mut document);
    let sessions = Sessions {
        store: app.store().clone(),
        clock: Arc::new(app.integrations.clock),
    };
    let router = router
        .route_layer(from_fn_with_state(app.clone(), once))
        .route("/openapi.json", get(|| async { Json(document) }))
        .merge(pages::routes())
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .with_state(app);
    secured(router).layer(from_fn_with_state(sessions, frame_refusals))
}
