//! `POST /api/v1/sign-in`: signs a user in.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;
use web::{Input, NextStep, Problem, check_same_origin};

use crate::app::App;
use crate::client::Client;
use crate::sign_in::fields::{SignIn, SignInFields};

/// The session is in the cookie.
#[derive(Serialize, ToSchema)]
struct SignInAnswer {
    /// Signed in with an initial password: everything but replacing it is refused.
    must_replace_password: bool,
    /// The password was right, and the second factor is awaited: everything but
    /// `POST /api/v1/second-factor` is refused.
    second_factor_required: bool,
    /// A second factor has to be set up first, on the page /account/second-factor.
    second_factor_must_be_set_up: bool,
    /// For the header X-CSRF-Token of every write.
    csrf: String,
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
    client: Client,
    body: Result<Input<SignIn>, Problem>,
) -> Result<Response, Problem> {
    check_same_origin(&app.origin, &client.headers)?;
    let Input(body) = body?;
    let fields = SignInFields::from(body);
    let identifier = fields.account_identifier().ok_or_else(|| {
        Problem::bad_request("invalid_request", "リクエストの形式が正しくありません。")
    })?;
    let session = super::sign_in(&app, &identifier, fields.password, &client, app.now()).await?;
    let cookies = session.cookies();
    let answer = SignInAnswer {
        must_replace_password: session.next_step == Some(NextStep::ReplacePassword),
        second_factor_required: session.next_step == Some(NextStep::SecondFactor),
        second_factor_must_be_set_up: session.next_step == Some(NextStep::EnrolSecondFactor),
        csrf: session.csrf,
    };
    Ok((cookies, Json(answer)).into_response())
}
