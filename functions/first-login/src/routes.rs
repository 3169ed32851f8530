//! Which address leads where.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use web::{LARGEST_BODY, Sessions, frame_refusals, script, secured, stylesheet};

use crate::app::App;
use crate::{api, first_login_page, invitation_page, sign_in_page, sign_out, welcome_page};

/// The routes of this function; infra/template.yaml sends them here.
pub fn router(app: App) -> Router {
    let sessions = Sessions {
        store: app.store.clone(),
        clock: app.clock.clone(),
    };
    let router = Router::new()
        .route("/", get(welcome_page::home))
        .route("/api/v1/sign-in", post(api::sign_in))
        .route("/api/v1/sign-out", post(api::sign_out))
        .route("/api/v1/password", post(api::change_password))
        .route("/assets/console.css", get(stylesheet))
        .route("/assets/live.js", get(script))
        .route(
            "/first-login",
            get(first_login_page::show).post(first_login_page::submit),
        )
        .route(
            "/invitations/{token}",
            get(invitation_page::show).post(invitation_page::submit),
        )
        .route(
            "/sign-in",
            get(sign_in_page::show).post(sign_in_page::submit),
        )
        .route("/sign-out", post(sign_out::submit))
        .route("/welcome", get(welcome_page::welcome))
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .with_state(app);
    secured(router).layer(from_fn_with_state(sessions, frame_refusals))
}
