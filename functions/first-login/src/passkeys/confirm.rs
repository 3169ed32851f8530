//! `POST /account/confirm/passkey/options` and `POST /account/confirm/passkey`: 本人確認 with a passkey.

use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::response::Response;
use axum::{Form, Json};
use serde_json::Value;
use web::{Problem, ReturnPath, SignedIn};

use super::asked::AnswerForm;
use super::verify::{ask_for_passkey, check_passkey};
use crate::app::App;
use crate::client::Client;
use crate::my_account::confirm::{leads_back, renew_confirmed, show_page};
use crate::my_account::page::SIGN_IN;
use crate::page_user::{Instead, page_user_at_home};

/// Returns the options with which the browser asks for the passkey.
pub(crate) async fn options(
    State(app): State<App>,
    client: Client,
    form: Result<Form<AnswerForm>, FormRejection>,
) -> Result<Json<Value>, Problem> {
    let now = app.now();
    let signed_in = SignedIn::require_at_home(&app.store, &client.headers, now).await?;
    let form = form.map_or_else(|_| AnswerForm::default(), |Form(form)| form);
    signed_in.check_csrf_field(&form.csrf)?;
    ask_for_passkey(&app, &signed_in, now).await
}

/// Confirms and redirects to the page that the person came from, or shows the form again with the reason why the
/// passkey is refused.
pub(crate) async fn submit(
    State(app): State<App>,
    client: Client,
    form: Result<Form<AnswerForm>, FormRejection>,
) -> Result<Response, Instead> {
    let now = app.now();
    let signed_in = page_user_at_home(&app, &client.headers, SIGN_IN, now).await?;
    let form = form.map_or_else(|_| AnswerForm::default(), |Form(form)| form);
    signed_in.check_csrf_field(&form.csrf)?;
    let page = ReturnPath::parse(&form.return_to);
    let network = &client.source.network;
    match check_passkey(&app, &signed_in, &form.answer, network, now).await {
        Ok(()) => Ok(leads_back(
            renew_confirmed(&app, &signed_in, now).await?,
            page.as_ref(),
        )),
        Err(problem) if problem.status.is_client_error() => {
            Ok(show_page(&app, &signed_in, page.as_ref(), Some(&problem)).await?)
        }
        Err(problem) => Err(problem.into()),
    }
}
