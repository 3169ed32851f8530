//! `GET /sign-in/second-factor` and `POST /sign-in/second-factor`: the code after the password.

use askama::Template;
use axum::Form;
use axum::extract::rejection::{FormRejection, QueryRejection};
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use secrecy::SecretString;
use serde::Deserialize;
use storage::StoreError;
use web::{NextStep, Problem, ProblemPage, ReturnPath, SignedIn, html_page, html_page_of_problem};

use super::complete::complete;
use crate::app::App;
use crate::client::Client;
use crate::new_session::NewSession;

#[derive(Template)]
#[template(path = "second_factor.html")]
struct Page<'a> {
    error: Option<&'a str>,
    csrf: &'a str,
    has_passkey: bool,
    /// Whether there is an authenticator app or a recovery code.
    has_code: bool,
    /// The page to return to; `None` if there is none, or it is not ours.
    return_to: Option<ReturnPath>,
}

/// The query of the page.
#[derive(Default, Deserialize)]
pub(crate) struct Wanted {
    #[serde(default)]
    return_to: String,
}

/// The fields of the form.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct CodeForm {
    csrf: String,
    code: SecretString,
    return_to: String,
}

/// Shows the form, or redirects a browser of which no second factor is awaited.
pub(crate) async fn show(
    State(app): State<App>,
    headers: HeaderMap,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Result<Response, ProblemPage> {
    let signed_in = SignedIn::find(&app.store, &headers, app.now()).await?;
    let Some(signed_in) = signed_in.filter(awaits_second_factor) else {
        return Ok(Redirect::to("/").into_response());
    };
    let wanted = wanted.map_or_else(|_| Wanted::default(), |Query(wanted)| wanted);
    let return_to = ReturnPath::parse(&wanted.return_to);
    let page = page(&app, &signed_in, None, return_to).await?;
    Ok(html_page(StatusCode::OK, &page))
}

/// Completes the sign-in and redirects, or shows the form again with the error.
pub(crate) async fn submit(
    State(app): State<App>,
    client: Client,
    form: Result<Form<CodeForm>, FormRejection>,
) -> Result<Response, ProblemPage> {
    let now = app.now();
    let signed_in = SignedIn::find(&app.store, &client.headers, now).await?;
    let Some(signed_in) = signed_in.filter(awaits_second_factor) else {
        return Ok(Redirect::to("/").into_response());
    };
    let form = form.map_or_else(|_| CodeForm::default(), |Form(form)| form);
    signed_in.check_csrf_field(&form.csrf)?;
    let return_to = ReturnPath::parse(&form.return_to);
    let session = complete(&app, &signed_in, &form.code, &client, now).await;
    page_after(&app, &signed_in, session, return_to).await
}

/// Redirects a browser whose sign-in is complete, or shows the page again with the error.
pub(crate) async fn page_after(
    app: &App,
    signed_in: &SignedIn,
    session: Result<NewSession, Problem>,
    return_to: Option<ReturnPath>,
) -> Result<Response, ProblemPage> {
    match session {
        Ok(session) => {
            let wanted = return_to.as_ref().map_or("/", ReturnPath::as_str);
            let next = session.next_step.map_or(wanted, |step| step.page());
            Ok((session.cookies(), Redirect::to(next)).into_response())
        }
        Err(problem) if problem.status.is_server_error() => Err(ProblemPage(problem)),
        Err(problem) => {
            let page = page(app, signed_in, Some(&problem), return_to).await?;
            Ok(html_page_of_problem(&problem, &page))
        }
    }
}

async fn page<'a>(
    app: &App,
    signed_in: &'a SignedIn,
    problem: Option<&'a Problem>,
    return_to: Option<ReturnPath>,
) -> Result<Page<'a>, StoreError> {
    let user_id = &signed_in.user.user_id;
    let factors = app
        .store
        .second_factors(&signed_in.workspace_id, user_id)
        .await?;
    Ok(Page {
        error: problem.map(|problem| problem.detail.as_str()),
        csrf: &signed_in.session.csrf,
        has_passkey: !factors.passkeys.is_empty(),
        has_code: factors.totp.is_some() || factors.recovery_codes_left > 0,
        return_to,
    })
}

pub(crate) fn awaits_second_factor(signed_in: &SignedIn) -> bool {
    signed_in.next_step() == Some(NextStep::SecondFactor)
}
