//! `POST /api/v1/second-factor`: completes a sign-in that awaits the second factor.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::{Input, NextStep, Problem, SignedIn};

use super::complete::complete;
use crate::app::App;
use crate::client::Client;

/// The body of `POST /api/v1/second-factor`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SecondFactorFields {
    /// The six digits of the authenticator app, or a recovery code.
    #[schema(value_type = String, format = Password, max_length = 100)]
    code: SecretString,
}

/// The new session is in the cookie.
#[derive(Serialize, ToSchema)]
struct SecondFactorAnswer {
    /// Signed in with an initial password: everything but replacing it is refused.
    must_replace_password: bool,
    /// For the header X-CSRF-Token of every write.
    csrf: String,
}

/// Gives the second factor after `POST /api/v1/sign-in` answered `second_factor_required`. A code works once.
#[utoipa::path(
    post, path = "/api/v1/second-factor", tag = "sign-in",
    request_body = SecondFactorFields,
    security(("session" = [], "csrf" = [])),
    responses(
        (status = 200, body = SecondFactorAnswer, headers(("set-cookie" = String, description = "The new session"))),
        (status = 401, description = "Nobody gave a password"),
        (status = 403, description = "The code is wrong, or was used, or the CSRF token is missing"),
        (status = 409, description = "The session awaits no second factor"),
        (status = 429, description = "Guessed too often; ask again after `Retry-After` seconds"),
    )
)]
pub(crate) async fn second_factor(
    State(app): State<App>,
    client: Client,
    body: Result<Input<SecondFactorFields>, Problem>,
) -> Result<Response, Problem> {
    let now = app.now();
    let signed_in = SignedIn::find(&app.store, &client.headers, now)
        .await?
        .ok_or_else(Problem::not_signed_in)?;
    signed_in.check_csrf(&client.headers)?;
    let Input(fields) = body?;
    if signed_in.next_step() != Some(NextStep::SecondFactor) {
        return Err(Problem::conflict(
            "no_second_factor_awaited",
            "二段階認証のコードは必要ありません。",
        ));
    }
    let session = complete(&app, &signed_in, &fields.code, &client, now).await?;
    let cookies = session.cookies();
    let answer = SecondFactorAnswer {
        must_replace_password: session.next_step == Some(NextStep::ReplacePassword),
        csrf: session.csrf,
    };
    Ok((cookies, Json(answer)).into_response())
}
