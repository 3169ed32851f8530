//! `POST /sign-out`: the form of signed-in people.

use axum::Form;
use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use web::{ProblemPage, check_csrf_field, clearing_cookie, signed_in};

use crate::app::App;

/// The hidden field of the form.
#[derive(Deserialize)]
pub(crate) struct SignOutForm {
    #[serde(default)]
    csrf: String,
}

/// Ends the session and leads to the sign-in page.
pub(crate) async fn submit(
    State(app): State<App>,
    headers: HeaderMap,
    form: Result<Form<SignOutForm>, FormRejection>,
) -> Result<Response, ProblemPage> {
    if let Some(person) = signed_in(&app.store, &headers, app.now()).await? {
        let csrf = form.map_or_else(|_| String::new(), |Form(form)| form.csrf);
        check_csrf_field(&person, &csrf)?;
        app.store.delete_session(&person.token_hash).await?;
    }
    let cookie = [(header::SET_COOKIE, clearing_cookie())];
    Ok((cookie, Redirect::to("/sign-in")).into_response())
}
