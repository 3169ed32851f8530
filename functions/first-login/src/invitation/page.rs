//! `GET /invitations/{token}` and `POST /invitations/{token}`. A GET changes nothing, because mail
//! programs open URLs by themselves.

use askama::Template;
use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use credentials::MailedLink;
use jiff::Timestamp;
use web::{NextStep, Problem, ProblemPage, SignedIn, check_same_origin, html_page};

use crate::account::Account;
use crate::app::App;
use crate::client::Client;
use crate::invitation::accept::{AcceptError, accept};
use crate::invitation::status::InvitationStatus;
use crate::password::new_password_form::NewPasswordForm;
use crate::refusals::{self, Method};
use crate::sign_in_throttle::name_of_user;

#[derive(Template)]
#[template(path = "invitation.html")]
struct FormPage<'a> {
    error: Option<&'a str>,
    workspace_name: &'a str,
    name: &'a str,
    email: &'a str,
}

#[derive(Template)]
#[template(path = "invitation_closed.html")]
struct ClosedPage {
    heading: &'static str,
    text: &'static str,
}

/// Shows the form, or the reason why the invitation cannot be accepted.
pub(crate) async fn show(
    State(app): State<App>,
    Path(token): Path<String>,
) -> Result<Response, ProblemPage> {
    page(&app, &token, app.now(), None).await
}

/// Accepts the invitation and redirects, or shows the form again with the error.
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
    match accept(&app, &token, password, &client, now).await {
        Ok(session) => {
            let next = session.next_step.map_or("/welcome", NextStep::page);
            Ok((session.cookies(), Redirect::to(next)).into_response())
        }
        Err(AcceptError::NotOpen(_)) if is_own_link(&app, &token, &client, now).await? => {
            Ok(Redirect::to("/welcome").into_response())
        }
        Err(AcceptError::NotOpen(status)) => {
            log_refusal(&app, &token, &client.source.network, &status, now).await;
            Ok(closed_page(&status))
        }
        Err(AcceptError::Problem(problem))
            if problem.status == StatusCode::UNPROCESSABLE_ENTITY =>
        {
            page(&app, &token, now, Some(&problem.detail)).await
        }
        Err(AcceptError::Problem(problem)) => Err(ProblemPage(problem)),
    }
}

/// Returns whether the person whom the link invited is signed in here: they accepted it, and clicked twice.
async fn is_own_link(
    app: &App,
    token: &str,
    client: &Client,
    now: Timestamp,
) -> Result<bool, Problem> {
    let Ok(url) = MailedLink::parse(token) else {
        return Ok(false);
    };
    let signed_in = SignedIn::find(&app.store, &client.headers, now).await?;
    Ok(signed_in.is_some_and(|signed_in| {
        signed_in.workspace_id == url.workspace_id && signed_in.user.user_id == url.user_id
    }))
}

/// Logs a link that lets nobody in. Only a form is logged: mail programs open links by themselves.
async fn log_refusal(
    app: &App,
    token: &str,
    network: &str,
    status: &InvitationStatus,
    now: Timestamp,
) {
    let account = MailedLink::parse(token).map_or_else(
        |_| "unknown".into(),
        |url| name_of_user(&url.workspace_id, &url.user_id),
    );
    let reason = match status {
        InvitationStatus::Expired { .. } => "link_expired",
        InvitationStatus::Open(_) | InvitationStatus::Unusable => "link_unusable",
    };
    refusals::log(app, (Method::Invitation, &account), network, reason, now).await;
}

async fn page(
    app: &App,
    token: &str,
    now: Timestamp,
    error: Option<&str>,
) -> Result<Response, ProblemPage> {
    match InvitationStatus::of(&app.store, token, now).await? {
        InvitationStatus::Open(account) => form_page(app, &account, error).await,
        closed => Ok(closed_page(&closed)),
    }
}

async fn form_page(
    app: &App,
    account: &Account,
    error: Option<&str>,
) -> Result<Response, ProblemPage> {
    let workspace = app.store.workspace_to_show(&account.workspace_id).await?;
    let status = match error {
        None => StatusCode::OK,
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let page = FormPage {
        error,
        workspace_name: workspace.as_ref().map_or("KiteRa", |it| &it.name),
        name: &account.user.name,
        email: account.user.email.as_ref().map_or("", |it| it.as_str()),
    };
    Ok(html_page(status, &page))
}

fn closed_page(status: &InvitationStatus) -> Response {
    let (heading, text) = match status {
        InvitationStatus::Expired { comes_again: true } => (
            "リンクの有効期限が切れています",
            "招待メールから72時間を過ぎたため、このリンクは無効になりました。午前2時の同期の際に、自動で再招待メールが送信されます。新しいメールのリンクから登録してください。メールが届かない場合は、所属企業のシステム管理者にお問い合わせください。",
        ),
        InvitationStatus::Expired { comes_again: false } => (
            "リンクの有効期限が切れています",
            "72時間を過ぎたため、このリンクは無効になりました。所属企業のシステム管理者にお問い合わせください。",
        ),
        InvitationStatus::Open(_) | InvitationStatus::Unusable => (
            "このリンクは使用できません",
            "登録が完了しているか、新しいメールが送信されたため、このリンクは使用できません。登録が完了している方は、ログインしてください。登録がまだの方は、最新のメールのリンクを開いてください。",
        ),
    };
    // 410 in every case: the status code must not reveal which invitations existed.
    html_page(StatusCode::GONE, &ClosedPage { heading, text })
}
