//! `POST /sign-in/second-factor/passkey/options` and `POST /sign-in/second-factor/passkey`: a passkey after the
//! password.

use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Form, Json};
use serde_json::Value;
use web::{Problem, ProblemPage, ReturnPath, SignedIn};

use super::asked::AnswerForm;
use super::verify::ask_for_passkey;
use crate::app::App;
use crate::client::Client;
use crate::second_factor::complete::complete_with_passkey;
use crate::second_factor::sign_in_page::{awaits_second_factor, page_after};

/// Returns the options with which the browser asks for the passkey.
pub(crate) async fn options(
    State(app): State<App>,
    client: Client,
    form: Result<Form<AnswerForm>, FormRejection>,
) -> Result<Json<Value>, Problem> {
    let now = app.now();
    let signed_in = SignedIn::find(&app.store, &client.headers, now).await?;
    let signed_in = signed_in.filter(awaits_second_factor);
    let signed_in = signed_in.ok_or_else(Problem::not_signed_in)?;
    let form = form.map_or_else(|_| AnswerForm::default(), |Form(form)| form);
    signed_in.check_csrf_field(&form.csrf)?;
    ask_for_passkey(&app, &signed_in, now).await
}

/// Completes the sign-in and redirects, or shows the page with the reason why the passkey is refused.
pub(crate) async fn submit(
    State(app): State<App>,
    client: Client,
    form: Result<Form<AnswerForm>, FormRejection>,
) -> Result<Response, ProblemPage> {
    let now = app.now();
    let signed_in = SignedIn::find(&app.store, &client.headers, now).await?;
    let Some(signed_in) = signed_in.filter(awaits_second_factor) else {
        return Ok(Redirect::to("/").into_response());
    };
    let form = form.map_or_else(|_| AnswerForm::default(), |Form(form)| form);
    signed_in.check_csrf_field(&form.csrf)?;
    let return_to = ReturnPath::parse(&form.return_to);
    let session = complete_with_passkey(&app, &signed_in, &form.answer, &client, now).await;
    page_after(&app, &signed_in, session, return_to).await
}
