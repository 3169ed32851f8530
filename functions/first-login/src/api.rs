//! The JSON routes: `POST /api/v1/sign-in`, `/api/v1/sign-out`, `/api/v1/password`.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};
use web::{
    Input, Problem, check_csrf, check_same_origin, clearing_cookie, signed_in as signed_in_person,
};

use crate::account::{SignIn, SignInFields};
use crate::app::App;
use crate::password_change;
use crate::sign_in;
use crate::source::Source;

/// What the OpenAPI document says of these routes; nothing makes it but the test that compares it with the file
/// which admin-api serves. What all operations may answer is added there.
#[derive(OpenApi)]
#[openapi(paths(sign_in, sign_out, change_password))]
pub struct ApiDocument;

/// The session is in the cookie.
#[derive(Serialize, ToSchema)]
struct SignInAnswer {
    /// Signed in with an initial password: everything but replacing it is refused.
    must_replace_password: bool,
    /// For the header X-CSRF-Token of every write.
    csrf: String,
}

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

/// Signs in: by e-mail, or by company code and employee code. Where several workspaces know an address, the company
/// code says which one is meant.
#[utoipa::path(
    post, path = "/api/v1/sign-in", tag = "sign-in",
    request_body = SignIn,
    security(()),
    responses(
        (status = 200, body = SignInAnswer, headers(("set-cookie" = String, description = "The session"))),
        (status = 401, description = "Account and password do not fit, or there is no such account"),
        (status = 403, description = "Sent from a page that is not ours"),
        (status = 429, description = "Guessed too often; ask again after `Retry-After` seconds"),
    )
)]
pub(crate) async fn sign_in(
    State(app): State<App>,
    source: Source,
    headers: HeaderMap,
    body: Result<Input<SignIn>, Problem>,
) -> Result<Response, Problem> {
    check_same_origin(&app.origin, &headers)?;
    let Input(body) = body?;
    let fields = SignInFields::from(body);
    let account = fields.account().ok_or_else(unreadable)?;
    let from = (&source, &headers);
    let entered = sign_in::sign_in(&app, &account, fields.password, from, app.now()).await?;
    let answer = SignInAnswer {
        must_replace_password: entered.must_replace_password,
        csrf: entered.session.csrf,
    };
    let cookie = [(header::SET_COOKIE, entered.session.set_cookie)];
    Ok((cookie, Json(answer)).into_response())
}

/// Signs out, also when nobody was signed in.
#[utoipa::path(
    post, path = "/api/v1/sign-out", tag = "sign-in",
    security((), ("session" = [], "csrf" = [])),
    responses(
        (status = 204, headers(("set-cookie" = String, description = "Takes the session away"))),
        (status = 403, description = "Somebody is signed in, and the CSRF token is missing"),
    )
)]
pub(crate) async fn sign_out(
    State(app): State<App>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    if let Some(person) = signed_in_person(&app.store, &headers, app.now()).await? {
        check_csrf(&person, &headers)?;
        app.store.delete_session(&person.token_hash).await?;
    }
    let cookie = [(header::SET_COOKIE, clearing_cookie())];
    Ok((StatusCode::NO_CONTENT, cookie).into_response())
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
        (status = 422, description = "Not a password that may be chosen: too well known, too simple, or with the person's own address or code in it"),
        (status = 429, description = "Guessed too often; ask again after `Retry-After` seconds"),
    )
)]
pub(crate) async fn change_password(
    State(app): State<App>,
    headers: HeaderMap,
    body: Result<Input<PasswordFields>, Problem>,
) -> Result<Response, Problem> {
    let now = app.now();
    let person = signed_in_person(&app.store, &headers, now)
        .await?
        .ok_or_else(Problem::not_signed_in)?;
    check_csrf(&person, &headers)?;
    let Input(fields) = body?;
    let (current, new) = (fields.current_password, fields.new_password);
    let session = password_change::change_password(&app, &person, current, new, now).await?;
    let cookie = [(header::SET_COOKIE, session.set_cookie)];
    let answer = PasswordAnswer { csrf: session.csrf };
    Ok((cookie, Json(answer)).into_response())
}

fn unreadable() -> Problem {
    Problem::bad_request("invalid_request", "リクエストの形式が正しくありません。")
}
