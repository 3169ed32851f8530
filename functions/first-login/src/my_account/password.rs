//! `POST /account/password`: changes the password of the user who is signed in.

use axum::Form;
use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use secrecy::SecretString;
use serde::Deserialize;
use web::Problem;

use super::page::{SIGN_IN, page};
use crate::app::App;
use crate::client::Client;
use crate::page_user::{Instead, page_user};
use crate::password::change::change_password;
use crate::password::set::refused;
use crate::password::typed_twice::{TYPED_DIFFERENTLY, is_same_twice};

/// The fields of the form.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct ChangeForm {
    csrf: String,
    current_password: SecretString,
    password: SecretString,
    password_confirmation: SecretString,
}

/// Changes the password, ends all other sessions and redirects, or shows the page again with the error.
pub(crate) async fn submit(
    State(app): State<App>,
    client: Client,
    form: Result<Form<ChangeForm>, FormRejection>,
) -> Result<Response, Instead> {
    let now = app.now();
    let signed_in = page_user(&app, &client.headers, SIGN_IN, now).await?;
    let signed_in = signed_in.coming_from(client.source);
    let form = form.map_or_else(|_| ChangeForm::default(), |Form(form)| form);
    signed_in.check_csrf_field(&form.csrf)?;
    let changed = if is_same_twice(&form.password, &form.password_confirmation) {
        let passwords = (Some(form.current_password), form.password);
        change_password(&app, &signed_in, passwords, now).await
    } else {
        Err(refused(TYPED_DIFFERENTLY))
    };
    match changed {
        Ok(session) => {
            let cookie = [(header::SET_COOKIE, session.set_cookie)];
            Ok((cookie, Redirect::to("/account?done=password")).into_response())
        }
        Err(problem) if is_about_what_was_typed(&problem) => {
            Ok(page(&app, &signed_in, (None, Some(&problem)), now).await?)
        }
        Err(problem) => Err(problem.into()),
    }
}

fn is_about_what_was_typed(problem: &Problem) -> bool {
    matches!(problem.code, "password_refused" | "current_password_wrong")
}
