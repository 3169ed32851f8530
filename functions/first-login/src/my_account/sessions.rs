//! `POST /account/sessions/end` and `POST /account/sessions/end-others`: end sessions of the user who is
//! signed in.

use axum::Form;
use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use storage::sessions::Session;
use web::renew_session;

use super::page::{SIGN_IN, open_sessions};
use crate::app::App;
use crate::client::Client;
use crate::page_user::{Instead, page_user};

/// The fields of both forms.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct EndForm {
    csrf: String,
    /// The id of the session to end.
    session: String,
}

/// Ends one session, which is one of the user's own.
pub(crate) async fn end(
    State(app): State<App>,
    client: Client,
    form: Result<Form<EndForm>, FormRejection>,
) -> Result<Response, Instead> {
    let now = app.now();
    let signed_in = page_user(&app, &client.headers, SIGN_IN, now).await?;
    let form = form.map_or_else(|_| EndForm::default(), |Form(form)| form);
    signed_in.check_csrf_field(&form.csrf)?;
    let sessions = open_sessions(&app, &signed_in, now).await?;
    if sessions.iter().any(|it| it.token_hash == form.session) {
        app.store.delete_session(&form.session).await?;
    }
    Ok(Redirect::to("/account?done=ended").into_response())
}

/// Ends all sessions, and renews the one of this browser. The index of sessions may lag behind, so the
/// session epoch ends them.
pub(crate) async fn end_others(
    State(app): State<App>,
    client: Client,
    form: Result<Form<EndForm>, FormRejection>,
) -> Result<Response, Instead> {
    let now = app.now();
    let signed_in = page_user(&app, &client.headers, SIGN_IN, now).await?;
    let form = form.map_or_else(|_| EndForm::default(), |Form(form)| form);
    signed_in.check_csrf_field(&form.csrf)?;
    let user_id = &signed_in.user.user_id;
    app.store
        .end_sessions(&signed_in.workspace_id, user_id)
        .await?;
    let session = Session {
        epoch: signed_in.session.epoch + 1,
        ..signed_in.session
    };
    let hash = &signed_in.token_hash;
    let session = renew_session(&app.store, hash, session, &app.random, now).await?;
    let cookie = [(header::SET_COOKIE, session.set_cookie)];
    let next = Redirect::to("/account?done=others-ended");
    Ok((cookie, next).into_response())
}
