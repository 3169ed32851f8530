//! The pages of 「ユーザー管理」.

mod add;
mod credentials;
mod delete;
mod deleted;
mod edit;
mod import;
pub(super) mod initial_passwords;
mod invitations;
mod list;
mod open_credential;
mod own_address;
mod roles;
mod timeline;
mod unlink;
mod user;

use axum::Router;
use axum::routing::{get, post};

pub(in crate::pages) use list::Rows;

use crate::app::App;

/// The path of these pages in the navigation.
const HERE: &str = "/users";

/// Returns the routes of `/users` and of all pages below it.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/users", get(list::show))
        .route("/users/csv", get(list::download))
        .route("/users/new", get(add::ask).post(add::submit))
        .route("/users/invitations", post(invitations::submit))
        .route("/users/invitations/confirm", post(invitations::ask))
        .route("/users/password-resets", post(invitations::reset))
        .route("/users/deleted", get(deleted::show))
        .route("/users/deleted/{id}/restore", post(deleted::restore))
        .route("/users/{id}", get(user::show).post(edit::submit))
        .route("/users/{id}/delete", get(delete::ask).post(delete::submit))
        .route("/users/{id}/unlink", get(unlink::ask).post(unlink::submit))
        .route("/users/{id}/invitation", post(credentials::invite))
        .route("/users/{id}/initial-password", post(credentials::issue))
        .route("/users/{id}/password-reset", post(credentials::reset))
        .route(
            "/users/address-changes/{token}",
            get(own_address::ask).post(own_address::submit),
        )
        .route(
            "/users/{id}/second-factors/reset",
            post(credentials::reset_second_factors),
        )
        .route("/users/{id}/sign-out", post(credentials::sign_out))
        .merge(import::routes())
        .merge(initial_passwords::routes())
}

/// Returns a text of a user, such as the address; empty when there is none.
fn text(value: Option<&impl ToString>) -> String {
    value.map_or_else(String::new, ToString::to_string)
}
