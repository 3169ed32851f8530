//! `POST /api/v1/password`: sets a new password.

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::{Input, NextStep, Problem, SignedIn};

use crate::app::App;
use crate::client::Client;
use crate::password::change;

/// The new session is in the cookie.
#[derive(Serialize, ToSchema)]
struct PasswordAnswer {
    /// For the header X-CSRF-Token of every write.
    csrf: String,
}

/// The body of `POST /api/v1/password`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PasswordFields {
    #[schema(value_type = String, format = Password, min_length = 10, max_length = 128)]
    new_password: SecretString,
    /// Not asked for while an initial password is to be replaced.
    #[schema(value_type = Option<String>, format = Password)]
    current_password: Option<SecretString>,
}

/// Sets a new password, ends all sessions of the person and begins a new one.
#[utoipa::path(
    post, path = "/api/v1/password", tag = "sign-in",
    request_body = PasswordFields,
    security(("session" = [], "csrf" = [])),
    responses(
        (status = 200, body = PasswordAnswer, headers(("set-cookie" = String, description = "The new session"))),
        (status = 401, description = "Nobody is signed in, or the initial password has run out"),
        (status = 403, description = "The current password is wrong, or the CSRF token is missing"),
        (status = 409, description = "Somebody who signs in by SSO has no password here"),
        (status = 422, description = "Not a password that may be chosen: too easy to guess for somebody who knows the company, the person, or common passwords"),
        (status = 429, description = "Guessed too often; ask again after `Retry-After` seconds"),
    )
)]
pub(crate) async fn change_password(
    State(app): State<App>,
    client: Client,
    body: Result<Input<PasswordFields>, Problem>,
) -> Result<Response, Problem> {
    let now = app.now();
    let signed_in = SignedIn::find(&app.store, &client.headers, now)
        .await?
        .ok_or_else(Problem::not_signed_in)?
        .coming_from(client.source);
    signed_in.check_csrf(&client.headers)?;
    signed_in.check_own_account()?;
    if let Some(step @ (NextStep::SecondFactor | NextStep::EnrolSecondFactor)) =
        signed_in.next_step()
    {
        return Err(step.problem());
    }
    let Input(fields) = body?;
    let passwords = (fields.current_password, fields.new_password);
    let session = change::change_password(&app, &signed_in, passwords, now).await?;
    let cookie = [(header::SET_COOKIE, session.set_cookie)];
    let answer = PasswordAnswer { csrf: session.csrf };
    Ok((cookie, Json(answer)).into_response())
}
