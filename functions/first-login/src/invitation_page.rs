//! `GET /invitations/{token}` and `POST /invitations/{token}`. Looking changes nothing: mail programs
//! open links on their own.

use askama::Template;
use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use web::{ProblemPage, check_same_origin, html_page};

use crate::account::Person;
use crate::app::App;
use crate::invitation::{NotAccepted, Standing, accept, standing};
use crate::sign_in::end_previous_session;

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
struct Closed {
    heading: &'static str,
    text: &'static str,
}

/// The fields of the form.
#[derive(Deserialize)]
pub(crate) struct PasswordForm {
    password: SecretString,
    password_confirmation: SecretString,
}

/// The form, or why there is none.
pub(crate) async fn show(
    State(app): State<App>,
    Path(token): Path<String>,
) -> Result<Response, ProblemPage> {
    match standing(&app.store, &token, app.now()).await? {
        Standing::Open(person) => form_page(&app, &person, None).await,
        closed => Ok(closed_page(&closed)),
    }
}

/// Accepts the invitation and leads on; or shows the form again with the reason.
pub(crate) async fn submit(
    State(app): State<App>,
    Path(token): Path<String>,
    headers: HeaderMap,
    form: Result<Form<PasswordForm>, FormRejection>,
) -> Result<Response, ProblemPage> {
    check_same_origin(&app.origin, &headers)?;
    let now = app.now();
    let refusal = match form {
        Ok(Form(form)) if is_confirmed(&form.password, &form.password_confirmation) => {
            match accept(&app, &token, form.password, now).await {
                Ok(session) => {
                    end_previous_session(&app, &headers).await?;
                    let cookie = [(header::SET_COOKIE, session.set_cookie)];
                    return Ok((cookie, Redirect::to("/welcome")).into_response());
                }
                Err(NotAccepted::Closed(standing)) => return Ok(closed_page(&standing)),
                Err(NotAccepted::Problem(problem))
                    if problem.status == StatusCode::UNPROCESSABLE_ENTITY =>
                {
                    problem.detail
                }
                Err(NotAccepted::Problem(problem)) => return Err(ProblemPage(problem)),
            }
        }
        Ok(_) => UNCONFIRMED.to_owned(),
        Err(_) => "パスワードを入力してください。".to_owned(),
    };
    match standing(&app.store, &token, now).await? {
        Standing::Open(person) => form_page(&app, &person, Some(&refusal)).await,
        closed => Ok(closed_page(&closed)),
    }
}

/// What is said when the two fields differ.
pub(crate) const UNCONFIRMED: &str = "確認用のパスワードが一致しません。";

/// Whether both fields say the same.
pub(crate) fn is_confirmed(password: &SecretString, confirmation: &SecretString) -> bool {
    password.expose_secret() == confirmation.expose_secret()
}

async fn form_page(
    app: &App,
    person: &Person,
    error: Option<&str>,
) -> Result<Response, ProblemPage> {
    let workspace = app.store.workspace(&person.workspace_id).await?;
    let status = match error {
        None => StatusCode::OK,
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let page = FormPage {
        error,
        workspace_name: workspace.as_ref().map_or("KiteRa", |it| &it.name),
        name: &person.user.name,
        email: person.user.email.as_ref().map_or("", |it| it.as_str()),
    };
    Ok(html_page(status, &page))
}

fn closed_page(standing: &Standing) -> Response {
    let (heading, text) = match standing {
        Standing::Expired { comes_again: true } => (
            "リンクの有効期限が切れています",
            "招待メールから72時間を過ぎたため、このリンクは無効になりました。午前2時の同期の際に、自動で再招待メールが送信されます。新しいメールのリンクから登録してください。メールが届かない場合は、所属企業のシステム管理者にお問い合わせください。",
        ),
        Standing::Expired { comes_again: false } => (
            "リンクの有効期限が切れています",
            "72時間を過ぎたため、このリンクは無効になりました。所属企業のシステム管理者にお問い合わせください。",
        ),
        Standing::Open(_) | Standing::Dead => (
            "このリンクは使用できません",
            "登録が完了しているか、新しいメールが送信されたため、このリンクは使用できません。登録が完了している方は、ログインしてください。登録がまだの方は、最新のメールのリンクを開いてください。",
        ),
    };
    // 410 for all: nobody learns by the status which links there were.
    html_page(StatusCode::GONE, &Closed { heading, text })
}
