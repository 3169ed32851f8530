//! The API of 「ユーザー管理」.

pub(crate) mod add;
pub(crate) mod delete;
pub(crate) mod deleted;
pub(crate) mod edit;
pub(crate) mod import;
pub(crate) mod initial_password;
pub(crate) mod invitations;
pub(crate) mod list;
pub(crate) mod password_resets;
pub(crate) mod problem;
pub(crate) mod second_factors;
pub(crate) mod sessions;
pub(crate) mod unlink;
pub(crate) mod view;

use axum::Router;
use axum::routing::{delete, get, post};

use crate::app::App;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/api/v1/users", get(list::users).post(add::add_users))
        .route(
            "/api/v1/users/{id}",
            get(list::user)
                .patch(edit::change_user)
                .delete(delete::delete_user),
        )
        .route(
            "/api/v1/users/{id}/second-factors",
            delete(second_factors::reset_second_factors),
        )
        .route("/api/v1/users/{id}/link", delete(unlink::unlink))
        .route(
            "/api/v1/users/{id}/sessions",
            delete(sessions::end_sessions),
        )
        .route("/api/v1/users/{id}/invitation", post(invitations::invite))
        .route(
            "/api/v1/users/invitations",
            post(invitations::invite_several),
        )
        .route("/api/v1/users/password-resets", post(password_resets::send))
        .route(
            "/api/v1/users/initial-passwords",
            post(initial_password::issue_several),
        )
        .route(
            "/api/v1/users/{id}/initial-password",
            post(initial_password::issue),
        )
        .route("/api/v1/deleted-users", get(deleted::deleted_users))
        .route("/api/v1/deleted-users/{id}/restore", post(deleted::restore))
        .merge(import::routes())
}
