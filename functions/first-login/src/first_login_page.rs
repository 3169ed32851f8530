//! `GET /first-login` and `POST /first-login`: a new password in place of the initial one.

use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use secrecy::SecretString;
use serde::Deserialize;
use web::{ProblemPage, SignedIn, check_csrf_field, html_page, signed_in};

use crate::app::App;
use crate::invitation_page::{UNCONFIRMED, is_confirmed};
use crate::password_change::change_password;

#[derive(Template)]
#[template(path = "first_login.html")]
struct Page<'a> {
    error: Option<&'a str>,
    csrf: &'a str,
    name: &'a str,
    /// For password managers: what the person signs in as.
    username: &'a str,
}

/// The fields of the form.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct NewPasswordForm {
    csrf: String,
    password: SecretString,
    password_confirmation: SecretString,
}

/// The form; elsewhere for those who have no initial password to replace.
pub(crate) async fn show(
    State(app): State<App>,
    headers: HeaderMap,
) -> Result<Response, ProblemPage> {
    Ok(match signed_in(&app.store, &headers, app.now()).await? {
        None => Redirect::to("/sign-in").into_response(),
        Some(person) if !person.session.must_replace_password => Redirect::to("/").into_response(),
        Some(person) => page(&person, None),
    })
}

/// Sets the password and leads on; or shows the form again with the reason.
pub(crate) async fn submit(
    State(app): State<App>,
    headers: HeaderMap,
    form: Result<Form<NewPasswordForm>, FormRejection>,
) -> Result<Response, ProblemPage> {
    let now = app.now();
    let Some(person) = signed_in(&app.store, &headers, now).await? else {
        return Ok(Redirect::to("/sign-in").into_response());
    };
    let form = form.map_or_else(|_| NewPasswordForm::default(), |Form(form)| form);
    check_csrf_field(&person, &form.csrf)?;
    if !person.session.must_replace_password {
        return Ok(Redirect::to("/").into_response());
    }
    if !is_confirmed(&form.password, &form.password_confirmation) {
        return Ok(page(&person, Some(UNCONFIRMED)));
    }
    match change_password(&app, &person, None, form.password, now).await {
        Ok(session) => {
            let cookie = [(header::SET_COOKIE, session.set_cookie)];
            Ok((cookie, Redirect::to("/welcome")).into_response())
        }
        Err(problem) if problem.status == StatusCode::UNPROCESSABLE_ENTITY => {
            Ok(page(&person, Some(&problem.detail)))
        }
        Err(problem) => Err(ProblemPage(problem)),
    }
}

fn page(person: &SignedIn, error: Option<&str>) -> Response {
    let status = match error {
        None => StatusCode::OK,
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    html_page(
        status,
        &Page {
            error,
            csrf: &person.session.csrf,
            name: &person.user.name,
            username: person.user.code.as_ref().map_or("", |code| code.as_str()),
        },
    )
}
