//! The router: all routes of this function.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use web::{LARGEST_BODY, asset_file, secured, with_problems_in_frame};

use crate::app::App;
use crate::password::initial_password_page;
use crate::{
    help, invitation, my_account, passkeys, password, password_reset, second_factor, sign_in,
    sign_out, welcome_page,
};

/// Returns the routes of this function; infra/template.yaml sends the same ones here.
pub fn router(app: App) -> Router {
    let (store, clock) = (app.store.clone(), app.clock.clone());
    let router = Router::new()
        .route("/api/v1/sign-in", post(sign_in::api::sign_in))
        .route(
            "/api/v1/second-factor",
            post(second_factor::api::second_factor),
        )
        .route("/api/v1/sign-out", post(sign_out::sign_out))
        .route("/api/v1/password", post(password::api::change_password))
        .route("/account", get(my_account::page::show))
        .route("/account/passkeys", post(passkeys::register::submit))
        .route(
            "/account/passkeys/options",
            post(passkeys::register::options),
        )
        .route(
            "/account/passkeys/rename",
            post(passkeys::manage::submit_name),
        )
        .route("/account/passkeys/remove", post(passkeys::manage::remove))
        .route("/account/password", post(my_account::password::submit))
        .route(
            "/account/confirm",
            get(my_account::confirm::show).post(my_account::confirm::submit),
        )
        .route("/account/confirm/passkey", post(passkeys::confirm::submit))
        .route(
            "/account/confirm/passkey/options",
            post(passkeys::confirm::options),
        )
        .route(
            "/api/v1/session/confirmation",
            post(my_account::confirm::confirm_by_api),
        )
        .route("/account/sessions/end", post(my_account::sessions::end))
        .route(
            "/account/sessions/end-others",
            post(my_account::sessions::end_others),
        )
        .route(
            "/account/second-factor",
            get(second_factor::enrol_page::show).post(second_factor::enrol_page::submit),
        )
        .route(
            "/account/second-factor/remove",
            post(second_factor::manage::remove),
        )
        .route(
            "/account/second-factor/recovery-codes",
            post(second_factor::manage::make_recovery_codes),
        )
        .route("/assets/{file}", get(asset_file))
        .route(
            "/first-login",
            get(initial_password_page::show).post(initial_password_page::submit),
        )
        .route(
            "/forgot-password",
            get(password_reset::ask_page::show).post(password_reset::ask_page::submit),
        )
        .route("/help/{page}", get(help::show))
        .route(
            "/password-resets/{token}",
            get(password_reset::page::show).post(password_reset::page::submit),
        )
        .route(
            "/invitations/{token}",
            get(invitation::page::show).post(invitation::page::submit),
        )
        .route(
            "/sign-in",
            get(sign_in::page::show).post(sign_in::page::submit),
        )
        .route(
            "/sign-in/second-factor/passkey",
            post(passkeys::sign_in::submit),
        )
        .route(
            "/sign-in/second-factor/passkey/options",
            post(passkeys::sign_in::options),
        )
        .route(
            "/sign-in/second-factor",
            get(second_factor::sign_in_page::show).post(second_factor::sign_in_page::submit),
        )
        .route("/sign-out", post(sign_out::submit))
        .route("/welcome", get(welcome_page::show))
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .with_state(app);
    with_problems_in_frame(secured(router), store, clock)
}
