//! ユーザー管理

mod delete;
mod deleted;
mod edit;
mod list;
mod person;
mod reinvite;
mod role_choice;
mod sent;
mod sign_in_help;
mod unlink;

use axum::Router;
use axum::routing::{get, post};

use crate::app::App;

/// Where these pages are in the navigation.
const HERE: &str = "/users";

/// `/users` and all below it.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/users", get(list::show))
        .route("/users/invitations", post(reinvite::submit))
        .route("/users/deleted", get(deleted::show))
        .route("/users/deleted/{id}/restore", post(deleted::restore))
        .route("/users/{id}", get(person::show).post(edit::submit))
        .route("/users/{id}/delete", get(delete::ask).post(delete::submit))
        .route("/users/{id}/unlink", get(unlink::ask).post(unlink::submit))
        .route("/users/{id}/invitation", post(sign_in_help::invite))
        .route("/users/{id}/initial-password", post(sign_in_help::issue))
}
