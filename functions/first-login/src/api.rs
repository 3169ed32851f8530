//! The JSON routes: `POST /api/v1/sign-in`, `/api/v1/sign-out`, `/api/v1/password`.

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use web::{Problem, check_csrf, check_same_origin, clearing_cookie, signed_in as signed_in_person};

use crate::account::SignInFields;
use crate::app::App;
use crate::password_change;
use crate::sign_in;
use crate::source::Source;

#[derive(Serialize)]
struct SignInAnswer {
    must_replace_password: bool,
    csrf: String,
}

#[derive(Serialize)]
struct PasswordAnswer {
    csrf: String,
}

/// The body of `POST /api/v1/password`.
#[derive(Deserialize)]
pub(crate) struct PasswordFields {
    new_password: SecretString,
    current_password: Option<SecretString>,
}

/// Signs in: 200 with the cookie.
pub(crate) async fn sign_in(
    State(app): State<App>,
    source: Source,
    headers: HeaderMap,
    body: Result<Json<SignInFields>, JsonRejection>,
) -> Result<Response, Problem> {
    check_same_origin(&app.origin, &headers)?;
    let Json(fields) = body.map_err(|_| unreadable())?;
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

/// Signs out: 204, also when nobody was signed in.
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

/// Sets a new password: 200 with the cookie of a new session.
pub(crate) async fn change_password(
    State(app): State<App>,
    headers: HeaderMap,
    body: Result<Json<PasswordFields>, JsonRejection>,
) -> Result<Response, Problem> {
    let now = app.now();
    let person = signed_in_person(&app.store, &headers, now)
        .await?
        .ok_or_else(Problem::not_signed_in)?;
    check_csrf(&person, &headers)?;
    let Json(fields) = body.map_err(|_| unreadable())?;
    let (current, new) = (fields.current_password, fields.new_password);
    let session = password_change::change_password(&app, &person, current, new, now).await?;
    let cookie = [(header::SET_COOKIE, session.set_cookie)];
    let answer = PasswordAnswer { csrf: session.csrf };
    Ok((cookie, Json(answer)).into_response())
}

fn unreadable() -> Problem {
    Problem::bad_request("invalid_request", "リクエストの形式が正しくありません。")
}
