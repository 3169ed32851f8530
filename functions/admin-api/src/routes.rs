//! All routes, and what holds for each of them.

use axum::extract::DefaultBodyLimit;
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use web::{Problem, ProblemPage, secured};

use crate::app::App;
use crate::openapi::Document;
use crate::{
    deleted_users, disconnect, initial_password, integration_view, invitations, link, pages,
    previews, run_people, runs, session, settings, start_run, user_changes, users,
};

/// Nothing that is sent to us is larger.
pub(crate) const LARGEST_BODY: usize = 64 * 1024;

/// The function's routes.
pub fn router(app: App) -> Router {
    let (router, document) = OpenApiRouter::with_openapi(Document::openapi())
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
        .routes(routes!(users::user, user_changes::change_user))
        .routes(routes!(invitations::invite))
        .routes(routes!(invitations::invite_several))
        .routes(routes!(initial_password::issue))
        .routes(routes!(deleted_users::deleted_users))
        .routes(routes!(deleted_users::restore))
        .split_for_parts();
    let router = router
        .route("/openapi.json", get(|| async { Json(document) }))
        .merge(pages::routes())
        .fallback(unknown_path)
        .method_not_allowed_fallback(unknown_method)
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .with_state(app);
    secured(router)
}

async fn unknown_path(uri: Uri) -> Response {
    refused(&uri, Problem::not_found("このURLは存在しません。"))
}

async fn unknown_method(uri: Uri) -> Response {
    let problem = Problem::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "method_not_allowed",
        "この操作はできません。",
    );
    refused(&uri, problem)
}

/// Programs get a problem document, people a page.
fn refused(uri: &Uri, problem: Problem) -> Response {
    if uri.path().starts_with("/api/") {
        problem.into_response()
    } else {
        ProblemPage(problem).into_response()
    }
}
