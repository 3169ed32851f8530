//! `GET /forgot-password` and `POST /forgot-password`: asks for a link to choose a new password. Answers
//! the same, after the same reads and writes, whether or not there is such an account; mail-delivery
//! finds out whether it may have a link.

use accounts::{ResetRequest, ask_for_password_reset, check_may_reset_password};
use askama::Template;
use axum::Form;
use axum::extract::rejection::{FormRejection, QueryRejection};
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::text::folded;
use jiff::Timestamp;
use serde::Deserialize;
use web::{Problem, ProblemPage, check_same_origin, html_page, html_page_of_problem};

use crate::account::Account;
use crate::app::App;
use crate::client::Client;
use crate::refusals::{self, Method};
use crate::sign_in::{AccountIdentifier, SignInFields, nobody};
use crate::sign_in_throttle::SignInThrottle;

#[derive(Default, Template)]
#[template(path = "forgot_password.html")]
struct Page<'a> {
    error: Option<&'a str>,
    email: &'a str,
    company_code: &'a str,
}

#[derive(Template)]
#[template(path = "forgot_password_sent.html")]
struct SentPage;

#[derive(Deserialize)]
pub(crate) struct Done {
    #[serde(default)]
    done: String,
}

/// The fields of the form.
#[derive(Deserialize)]
pub(crate) struct ForgotForm {
    #[serde(default)]
    email: String,
    #[serde(default)]
    company_code: String,
}

/// Shows the form, or that the mail is on its way.
pub(crate) async fn show(query: Result<Query<Done>, QueryRejection>) -> Response {
    if query.is_ok_and(|Query(query)| query.done == "sent") {
        return html_page(StatusCode::OK, &SentPage);
    }
    html_page(StatusCode::OK, &Page::default())
}

/// Asks for the link and redirects, or shows the form again with the error.
pub(crate) async fn submit(
    State(app): State<App>,
    client: Client,
    form: Result<Form<ForgotForm>, FormRejection>,
) -> Result<Response, ProblemPage> {
    check_same_origin(&app.origin, &client.headers)?;
    let Form(form) = form.map_err(|_| incomplete())?;
    let identifier = SignInFields::of_email(&form.email, &form.company_code).account_identifier();
    let asked = match identifier {
        None => Err(incomplete()),
        Some(identifier) => ask_or_log(&app, &identifier, &folded(&form.email), &client).await,
    };
    let Err(problem) = asked else {
        return Ok(Redirect::to("/forgot-password?done=sent").into_response());
    };
    let page = Page {
        error: Some(&problem.detail),
        email: &form.email,
        company_code: &form.company_code,
    };
    Ok(html_page_of_problem(&problem, &page))
}

async fn ask_or_log(
    app: &App,
    identifier: &AccountIdentifier,
    email: &str,
    client: &Client,
) -> Result<(), Problem> {
    let now = app.now();
    let asked = ask(app, identifier, email, client, now).await;
    if let Err(problem) = &asked {
        let attempt = (Method::ForgotPassword, &*identifier.normalized());
        refusals::log_problem(app, attempt, &client.source.network, problem, now).await;
    }
    asked
}

async fn ask(
    app: &App,
    identifier: &AccountIdentifier,
    email: &str,
    client: &Client,
    now: Timestamp,
) -> Result<(), Problem> {
    SignInThrottle::of_resets_from(&client.source.network)
        .count_guess(&app.store, now)
        .await
        .map_err(too_many)?;
    let found = the_one_meant(identifier.accounts(&app.store).await?);
    let (workspace_id, user_id, session_epoch) = match found {
        Some(it) => (it.workspace_id, it.user.user_id, it.hashes.session_epoch),
        None => nobody(&app.random),
    };
    let request = ResetRequest {
        workspace_id: &workspace_id,
        user_id: &user_id,
        email,
        session_epoch,
    };
    let clients = (&app.store, &app.queues, app.random.as_ref());
    ask_for_password_reset(clients, request, None, now).await?;
    Ok(())
}

/// Returns the account that the link is for: the only one whose person proved that the address is
/// theirs, or the only one. Where there are several, the company code has to be typed.
fn the_one_meant(mut accounts: Vec<Account>) -> Option<Account> {
    accounts.retain(|account| check_may_reset_password(&account.user).is_ok());
    if accounts.iter().any(Account::has_proven_email) {
        accounts.retain(Account::has_proven_email);
    }
    accounts.pop().filter(|_| accounts.is_empty())
}

fn incomplete() -> Problem {
    Problem::bad_request("invalid_request", "メールアドレスを入力してください。")
}

fn too_many(problem: Problem) -> Problem {
    if problem.status != StatusCode::TOO_MANY_REQUESTS {
        return problem;
    }
    Problem {
        detail: "パスワード再設定の手続きが続いたため、一時的に制限しています。15分ほど待ってから、もう一度お試しください。".into(),
        ..problem
    }
}
