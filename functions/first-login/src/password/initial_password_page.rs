//! `GET /first-login` and `POST /first-login`: the form that replaces an initial password.

use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use secrecy::SecretString;
use serde::Deserialize;
use web::{NextStep, ProblemPage, SignedIn, html_page};

use crate::app::App;
use crate::client::Client;
use crate::password::change::change_password;
use crate::password::typed_twice::{TYPED_DIFFERENTLY, is_same_twice};

#[derive(Template)]
#[template(path = "first_login.html")]
struct Page<'a> {
    error: Option<&'a str>,
    csrf: &'a str,
    name: &'a str,
    /// The employee code, for password managers.
    username: &'a str,
}

/// The fields of the form.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct ReplacementForm {
    csrf: String,
    password: SecretString,
    password_confirmation: SecretString,
}

/// Shows the form, or redirects a browser that has no initial password to replace.
pub(crate) async fn show(
    State(app): State<App>,
    headers: HeaderMap,
) -> Result<Response, ProblemPage> {
    Ok(
        match SignedIn::find(&app.store, &headers, app.now()).await? {
            None => Redirect::to("/sign-in").into_response(),
            Some(signed_in) if replaces_password(&signed_in) => page(&signed_in, None),
            Some(signed_in) => elsewhere(&signed_in),
        },
    )
}

/// Sets the password and redirects, or shows the form again with the error.
pub(crate) async fn submit(
    State(app): State<App>,
    client: Client,
    form: Result<Form<ReplacementForm>, FormRejection>,
) -> Result<Response, ProblemPage> {
    let now = app.now();
    let Some(signed_in) = SignedIn::find(&app.store, &client.headers, now).await? else {
        return Ok(Redirect::to("/sign-in").into_response());
    };
    let signed_in = signed_in.coming_from(client.source);
    let form = form.map_or_else(|_| ReplacementForm::default(), |Form(form)| form);
    signed_in.check_csrf_field(&form.csrf)?;
    if !replaces_password(&signed_in) {
        return Ok(elsewhere(&signed_in));
    }
    if !is_same_twice(&form.password, &form.password_confirmation) {
        return Ok(page(&signed_in, Some(TYPED_DIFFERENTLY)));
    }
    match change_password(&app, &signed_in, (None, form.password), now).await {
        Ok(session) => {
            let cookie = [(header::SET_COOKIE, session.set_cookie)];
            let next = session.next_step.map_or("/welcome", NextStep::page);
            Ok((cookie, Redirect::to(next)).into_response())
        }
        Err(problem) if problem.status == StatusCode::UNPROCESSABLE_ENTITY => {
            Ok(page(&signed_in, Some(&problem.detail)))
        }
        Err(problem) => Err(ProblemPage(problem)),
    }
}

fn replaces_password(signed_in: &SignedIn) -> bool {
    signed_in.next_step() == Some(NextStep::ReplacePassword)
}

/// Redirects somebody who has no initial password to replace, or has to do something else before.
fn elsewhere(signed_in: &SignedIn) -> Response {
    Redirect::to(signed_in.next_step().map_or("/", NextStep::page)).into_response()
}

fn page(signed_in: &SignedIn, error: Option<&str>) -> Response {
    let status = match error {
        None => StatusCode::OK,
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let user = &signed_in.user;
    let page = Page {
        error,
        csrf: &signed_in.session.csrf,
        name: &user.name,
        username: user.code.as_ref().map_or("", |code| code.as_str()),
    };
    html_page(status, &page)
}
