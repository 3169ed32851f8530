//! `GET /password-resets/{token}` and `POST /password-resets/{token}`: the form that chooses a new password.
//! A GET changes nothing, because mail programs open URLs by themselves.

use askama::Template;
use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use credentials::MailedLink;
use domain::{AuditAction, AuditEvent};
use jiff::Timestamp;
use secrecy::SecretString;
use web::{NextStep, Problem, ProblemPage, check_same_origin, html_page};

use crate::account::Account;
use crate::app::App;
use crate::client::Client;
use crate::new_session::NewSession;
use crate::password::new_password_form::NewPasswordForm;
use crate::password::set::{Way, accepted_hash, set_password};
use crate::password_reset::open::open_account;
use crate::refusals::{self, Method};
use crate::sign_in::forget_guesses_at;
use crate::sign_in_throttle::name_of_user;

#[derive(Template)]
#[template(path = "password_reset.html")]
struct FormPage<'a> {
    error: Option<&'a str>,
    name: &'a str,
    email: &'a str,
}

#[derive(Template)]
#[template(path = "password_reset_closed.html")]
struct ClosedPage;

/// The reason why no password was set.
enum ResetError {
    /// The link does not work, perhaps because another browser used it at the same moment.
    Closed,
    /// The password was refused, or a table does not answer.
    Problem(Problem),
}

impl<E: Into<Problem>> From<E> for ResetError {
    fn from(error: E) -> Self {
        Self::Problem(error.into())
    }
}

/// Shows the form, or that the link does not work.
pub(crate) async fn show(
    State(app): State<App>,
    Path(token): Path<String>,
) -> Result<Response, ProblemPage> {
    page(&app, &token, app.now(), None).await
}

/// Sets the password, ends all sessions and signs the browser in, or shows the form again.
pub(crate) async fn submit(
    State(app): State<App>,
    Path(token): Path<String>,
    client: Client,
    form: Result<Form<NewPasswordForm>, FormRejection>,
) -> Result<Response, ProblemPage> {
    check_same_origin(&app.origin, &client.headers)?;
    let now = app.now();
    let password = match NewPasswordForm::password(form) {
        Ok(password) => password,
        Err(why) => return page(&app, &token, now, Some(why)).await,
    };
    match reset(&app, &token, password, &client, now).await {
        Ok(session) => {
            let next = session.next_step.map_or("/", NextStep::page);
            Ok((session.cookies(), Redirect::to(next)).into_response())
        }
        Err(ResetError::Closed) => {
            log_refusal(&app, &token, &client.source.network, now).await;
            Ok(closed_page())
        }
        Err(ResetError::Problem(problem)) if problem.status == StatusCode::UNPROCESSABLE_ENTITY => {
            page(&app, &token, now, Some(&problem.detail)).await
        }
        Err(ResetError::Problem(problem)) => Err(ProblemPage(problem)),
    }
}

/// Logs a link that lets nobody in. Only a form is logged: mail programs open links by themselves.
async fn log_refusal(app: &App, token: &str, network: &str, now: Timestamp) {
    let account = MailedLink::parse(token).map_or_else(
        |_| "unknown".into(),
        |url| name_of_user(&url.workspace_id, &url.user_id),
    );
    let attempt = (Method::PasswordReset, &*account);
    refusals::log(app, attempt, network, "link_unusable", now).await;
}

async fn reset(
    app: &App,
    token: &str,
    password: SecretString,
    client: &Client,
    now: Timestamp,
) -> Result<NewSession, ResetError> {
    let open = async || -> Result<Account, ResetError> {
        let account = open_account(&app.store, token, now).await?;
        account.ok_or(ResetError::Closed)
    };
    let account = open().await?;
    let user = account.user.clone();
    let hash = accepted_hash(app, &account, password).await?;
    let (user_id, action) = (&user.user_id, AuditAction::PasswordReset);
    let event = AuditEvent::new(&client.source.author(user_id), action, now).about_user(user_id);
    let network = &client.source.network;
    forget_guesses_at(&app.store, &account, network).await?;
    // The end of all sessions voids the link as well: of two browsers that use it, one is refused.
    let start = set_password(app, account, &hash, Way::PasswordReset, &event, open).await?;
    Ok(NewSession::begin(app, client, &user, start, now).await?)
}

async fn page(
    app: &App,
    token: &str,
    now: Timestamp,
    error: Option<&str>,
) -> Result<Response, ProblemPage> {
    let Some(account) = open_account(&app.store, token, now).await? else {
        return Ok(closed_page());
    };
    let status = match error {
        None => StatusCode::OK,
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let page = FormPage {
        error,
        name: &account.user.name,
        email: account.user.email.as_ref().map_or("", |it| it.as_str()),
    };
    Ok(html_page(status, &page))
}

/// Returns the answer to every link that does not work: it must not reveal which ones existed.
fn closed_page() -> Response {
    html_page(StatusCode::GONE, &ClosedPage)
}
