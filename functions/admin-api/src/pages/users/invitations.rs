//! [再招待する] and [パスワード再設定メールを送信] in the list of users, for all ticked ones; the former also for
//! all listed ones.

use accounts::roles::check_may_act_on;
use accounts::{AccountError, Mailed, check_needs_invitation};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::User;
use domain::text::people as in_words;
use web::{Frame, ProblemPage, html_page};

use super::HERE;
use super::list::{BulkMail, ListQuery, page};
use crate::api::users::problem::problem;
use crate::app::App;
use crate::auth::page::{AdminForm, PageUser};

/// The users that the form of the list names.
pub(super) struct Chosen {
    pub(super) query: ListQuery,
    pub(super) user_ids: Vec<String>,
    /// Whether the button for everybody was clicked; `user_ids` are those who can be invited then.
    pub(super) everybody: bool,
}

impl Chosen {
    pub(super) fn of(fields: Vec<(String, String)>) -> Self {
        let mut query = ListQuery::default();
        let (mut user_ids, mut shown) = (Vec::new(), Vec::new());
        let mut everybody = false;
        for (name, value) in fields {
            match name.as_str() {
                "user_ids" => user_ids.push(value),
                "shown" => shown.push(value),
                "everybody" => everybody = true,
                _ => query = query.with(&name, value),
            }
        }
        if everybody {
            user_ids = shown;
        }
        Self {
            query,
            user_ids,
            everybody,
        }
    }
}

#[derive(Template)]
#[template(path = "users_invitations_confirm.html")]
struct Page {
    frame: Frame,
    /// Those who would be invited.
    people: Vec<User>,
    /// Their number, as the screen shows it.
    number: String,
    query: ListQuery,
}

/// Asks whether to invite all of them who can be invited.
pub(super) async fn ask(
    State(app): State<App>,
    AdminForm { admin, fields }: AdminForm<Vec<(String, String)>>,
) -> Result<Response, ProblemPage> {
    let Chosen {
        query, user_ids, ..
    } = Chosen::of(fields);
    let roster = app.roster(admin.workspace_id()).await?;
    let (actor, now) = (&admin.signed_in.user, app.now());
    let chosen = roster.entries().iter().map(|entry| &entry.user);
    let people: Vec<User> = chosen
        .filter(|user| user_ids.iter().any(|id| id == user.user_id.as_str()))
        .filter(|user| check_needs_invitation(user, now).is_ok())
        .filter(|user| check_may_act_on(actor, user).is_ok())
        .cloned()
        .collect();
    if people.is_empty() {
        return nobody_chosen(&app, &admin, query, "再招待する").await;
    }
    let page = Page {
        frame: admin.frame(HERE),
        number: in_words(people.len()),
        people,
        query,
    };
    Ok(html_page(StatusCode::OK, &page))
}

/// Invites all of them who can be invited, and shows the list again with the reasons for the others.
pub(super) async fn submit(
    State(app): State<App>,
    AdminForm { admin, fields }: AdminForm<Vec<(String, String)>>,
) -> Result<Response, ProblemPage> {
    let Chosen {
        query, user_ids, ..
    } = Chosen::of(fields);
    if user_ids.is_empty() {
        return nobody_chosen(&app, &admin, query, "再招待する").await;
    }
    let accounts = app.accounts(&admin.signed_in);
    let result = accounts.invite_several(&admin.workspace, user_ids).await;
    respond(&app, &admin, query, BulkMail::Invitation, result).await
}

/// Mails all of them who may reset a password a link, and shows the list again with the reasons for the
/// others.
pub(super) async fn reset(
    State(app): State<App>,
    AdminForm { admin, fields }: AdminForm<Vec<(String, String)>>,
) -> Result<Response, ProblemPage> {
    let Chosen {
        query, user_ids, ..
    } = Chosen::of(fields);
    if user_ids.is_empty() {
        return nobody_chosen(&app, &admin, query, "パスワード再設定メールを送信する").await;
    }
    let accounts = app.accounts(&admin.signed_in);
    let result = accounts.send_password_resets(user_ids).await;
    respond(&app, &admin, query, BulkMail::PasswordReset, result).await
}

pub(super) async fn nobody_chosen(
    app: &App,
    admin: &PageUser,
    query: ListQuery,
    action: &str,
) -> Result<Response, ProblemPage> {
    let error = format!("{action}ユーザーを選択してください。");
    let frame = admin.frame(HERE).with_error(&error);
    page(app, admin, frame, query, Vec::new()).await
}

pub(super) async fn respond(
    app: &App,
    admin: &PageUser,
    query: ListQuery,
    kind: BulkMail,
    result: Result<Mailed, AccountError>,
) -> Result<Response, ProblemPage> {
    let result = result.map_err(problem)?;
    let mailed = result.mailed.len();
    if result.refused.is_empty() {
        return Ok(Redirect::to(&query.address(Some((kind, mailed)))).into_response());
    }
    let notice = (mailed > 0).then(|| kind.notice(mailed));
    let frame = admin.frame(HERE).with_notice(notice);
    page(app, admin, frame, query, result.refused).await
}
