//! 本人確認: `/account/confirm`, and `POST /api/v1/session/confirmation`. Somebody who is signed in proves again who
//! they are, before a sensitive action (`web::check_confirmed`).

use askama::Template;
use axum::extract::rejection::{FormRejection, QueryRejection};
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Form, Json};
use domain::{AuditAction, LoginMethod};
use jiff::Timestamp;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use storage::second_factors::SecondFactors;
use storage::sessions::Session;
use utoipa::ToSchema;
use web::{
    Frame, Input, Problem, ReturnPath, SignedIn, StartedSession, address_after_confirming,
    html_page, renew_session,
};

use super::page::SIGN_IN;
use crate::account::Account;
use crate::app::App;
use crate::client::Client;
use crate::page_user::{Instead, page_user_at_home};
use crate::password::current::check_current_password;
use crate::refusals::{self, Method};
use crate::second_factor::check_code::accept_code;
use crate::sign_in_throttle::name_of_user;

#[derive(Template)]
#[template(path = "confirm.html")]
struct Page<'a> {
    frame: Frame,
    /// Whether the person proves who they are with a code of their authenticator app.
    has_app: bool,
    /// Whether they prove it with a passkey.
    has_passkey: bool,
    /// What they prove it with otherwise.
    login_method: LoginMethod,
    /// What the person signs in with, for password managers.
    username: String,
    return_to: &'a str,
}

/// Where the browser goes after the confirmation.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Wanted {
    return_to: String,
}

/// The fields of the form.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct ConfirmForm {
    csrf: String,
    password: SecretString,
    code: SecretString,
    return_to: String,
}

/// The body of `POST /api/v1/session/confirmation`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConfirmationFields {
    /// The person's present password; not asked for of people with an authenticator app.
    #[serde(default)]
    #[schema(value_type = String, format = Password)]
    password: SecretString,
    /// A code of the person's authenticator app, or a recovery code.
    #[serde(default)]
    #[schema(value_type = String, format = Password)]
    code: SecretString,
}

/// The renewed session is in the cookie.
#[derive(Serialize, ToSchema)]
struct ConfirmationAnswer {
    /// For the header X-CSRF-Token of every write.
    csrf: String,
}

/// Shows why a confirmation is needed, and the form for it.
pub(crate) async fn show(
    State(app): State<App>,
    headers: HeaderMap,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Result<Response, Instead> {
    let signed_in = page_user_at_home(&app, &headers, SIGN_IN, app.now()).await?;
    let wanted = wanted.map_or_else(|_| Wanted::default(), |Query(wanted)| wanted);
    let page = ReturnPath::parse(&wanted.return_to);
    Ok(show_page(&app, &signed_in, page.as_ref(), None).await?)
}

/// Confirms and redirects to the page that the person came from, or shows the form again with the error.
pub(crate) async fn submit(
    State(app): State<App>,
    client: Client,
    form: Result<Form<ConfirmForm>, FormRejection>,
) -> Result<Response, Instead> {
    let now = app.now();
    let signed_in = page_user_at_home(&app, &client.headers, SIGN_IN, now).await?;
    let signed_in = signed_in.coming_from(client.source);
    let form = form.map_or_else(|_| ConfirmForm::default(), |Form(form)| form);
    signed_in.check_csrf_field(&form.csrf)?;
    let page = ReturnPath::parse(&form.return_to);
    match confirm(&app, &signed_in, (form.password, form.code), now).await {
        Ok(session) => Ok(leads_back(session, page.as_ref())),
        Err(problem) if problem.status.is_client_error() => {
            Ok(show_page(&app, &signed_in, page.as_ref(), Some(&problem)).await?)
        }
        Err(problem) => Err(problem.into()),
    }
}

/// Redirects to the page that the person came from, with the renewed session.
pub(crate) fn leads_back(session: StartedSession, return_to: Option<&ReturnPath>) -> Response {
    let cookie = [(header::SET_COOKIE, session.set_cookie)];
    let address = address_after_confirming(return_to);
    (cookie, Redirect::to(&address)).into_response()
}

/// Proves again who is signed in, for what answers 403 `confirmation_required`. It counts for 10 minutes. The session
/// gets a new cookie and a new CSRF token; the former ones end.
#[utoipa::path(
    post, path = "/api/v1/session/confirmation", tag = "sign-in",
    operation_id = "confirm",
    request_body = ConfirmationFields,
    security(("session" = [], "csrf" = [])),
    responses(
        (status = 200, body = ConfirmationAnswer, headers(("set-cookie" = String, description = "The renewed session"))),
        (status = 403, description = "The password is wrong, the CSRF token is missing, or the initial password has to be replaced first"),
        (status = 409, description = "Somebody who signs in by SSO, or whose second factor is a passkey, confirms on the page /account/confirm"),
        (status = 429, description = "Guessed too often; ask again after `Retry-After` seconds"),
    )
)]
pub(crate) async fn confirm_by_api(
    State(app): State<App>,
    client: Client,
    body: Result<Input<ConfirmationFields>, Problem>,
) -> Result<Response, Problem> {
    let now = app.now();
    let signed_in = SignedIn::require_at_home(&app.store, &client.headers, now).await?;
    let signed_in = signed_in.coming_from(client.source);
    signed_in.check_csrf(&client.headers)?;
    let Input(fields) = body?;
    let session = confirm(&app, &signed_in, (fields.password, fields.code), now).await?;
    let cookie = [(header::SET_COOKIE, session.set_cookie)];
    let answer = ConfirmationAnswer { csrf: session.csrf };
    Ok((cookie, Json(answer)).into_response())
}

/// Renews the session of somebody who proved who they are. Logs a refusal.
async fn confirm(
    app: &App,
    signed_in: &SignedIn,
    proofs: (SecretString, SecretString),
    now: Timestamp,
) -> Result<StartedSession, Problem> {
    let (workspace_id, user_id) = (&signed_in.workspace_id, &signed_in.user.user_id);
    if let Err(problem) = prove(app, signed_in, proofs, now).await {
        let account = name_of_user(workspace_id, user_id);
        let network = &signed_in.source.network;
        let attempt = (Method::Confirmation, &*account);
        refusals::log_problem(app, attempt, network, &problem, now).await;
        return Err(problem);
    }
    renew_confirmed(app, signed_in, now).await
}

/// Renews the session of somebody who has just proved who they are.
///
/// # Errors
/// The 503 when DynamoDB does not answer.
pub(crate) async fn renew_confirmed(
    app: &App,
    signed_in: &SignedIn,
    now: Timestamp,
) -> Result<StartedSession, Problem> {
    let (workspace_id, user_id) = (&signed_in.workspace_id, &signed_in.user.user_id);
    tracing::info!(%workspace_id, %user_id, "confirmed");
    let session = Session {
        confirmed_at: Some(now),
        ..signed_in.session.clone()
    };
    let renewed = renew_session(&app.store, &signed_in.token_hash, session, &app.random, now);
    Ok(renewed.await?)
}

/// Checks the proof: a code of people who have an authenticator app, else the password of people who sign in by one and
/// have no passkey. Passkeys are asked for in `passkeys/confirm.rs`; SSO people go through their provider again, in
/// single-sign-on.
async fn prove(
    app: &App,
    signed_in: &SignedIn,
    (password, code): (SecretString, SecretString),
    now: Timestamp,
) -> Result<(), Problem> {
    let account = Account::of_session(app, signed_in).await?;
    if account.user.login_method == LoginMethod::Sso {
        return Err(Problem::conflict(
            "single_sign_on",
            "認証方法がSSOのため、KiteRaのパスワードはありません。画面の/account/confirmで、SSOで本人確認をしてください。",
        ));
    }
    let factors = second_factors(app, signed_in).await?;
    if factors.totp.is_some() {
        let recorded_as = Some(AuditAction::RecoveryCodeUsed);
        let source = &signed_in.source;
        return accept_code(app, &account, &code, recorded_as, source, now).await;
    }
    if !factors.passkeys.is_empty() {
        return Err(Problem::conflict(
            "passkey",
            "二段階認証がパスキーのため、画面の/account/confirmで、パスキーで本人確認をしてください。",
        ));
    }
    check_current_password(app, &account, Some(password), now).await
}

async fn second_factors(app: &App, signed_in: &SignedIn) -> Result<SecondFactors, Problem> {
    let user_id = &signed_in.user.user_id;
    let factors = app.store.second_factors(&signed_in.workspace_id, user_id);
    Ok(factors.await?)
}

/// Shows the form, with the reason why the last proof was refused.
pub(crate) async fn show_page(
    app: &App,
    signed_in: &SignedIn,
    return_to: Option<&ReturnPath>,
    problem: Option<&Problem>,
) -> Result<Response, Problem> {
    let workspace = app.store.workspace_to_show(&signed_in.workspace_id).await?;
    let workspace = workspace.ok_or_else(Problem::internal)?;
    let frame = Frame::of(signed_in, &workspace, "");
    let mut frame = frame.with_banners_of(&app.store, &workspace).await?;
    if let Some(problem) = problem {
        frame = frame.with_error(&problem.detail);
    }
    let factors = second_factors(app, signed_in).await?;
    let page = Page {
        frame,
        has_app: factors.totp.is_some(),
        has_passkey: !factors.passkeys.is_empty(),
        login_method: signed_in.user.login_method,
        username: super::page::username(&signed_in.user),
        return_to: return_to.map_or("", ReturnPath::as_str),
    };
    let status = problem.map_or(StatusCode::OK, |problem| problem.status);
    Ok(html_page(status, &page))
}
