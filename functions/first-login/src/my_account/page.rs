//! `GET /account`: where the user is signed in, and the form to change the password.

use askama::Template;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use domain::time::date_and_time;
use domain::{LoginMethod, User};
use jiff::Timestamp;
use serde::Deserialize;
use storage::sessions::StoredSession;
use web::{CONFIRMED, Frame, Problem, SignedIn, html_page, second_factor_due, session_times};

use crate::app::App;
use crate::page_user::{Instead, page_user};
use crate::passkeys::view::PasskeyView;

/// The address of the page.
const HERE: &str = "/account";

/// Where people sign in who come back to the page.
pub(crate) const SIGN_IN: &str = "/sign-in?return_to=%2Faccount";

#[derive(Template)]
#[template(path = "account.html")]
struct Page {
    frame: Frame,
    /// Whether the user has a password here.
    has_password: bool,
    /// What the user signs in with, for password managers.
    username: String,
    /// Whether there is an authenticator app.
    has_app: bool,
    recovery_codes_left: usize,
    passkeys: Vec<PasskeyView>,
    sessions: Vec<SessionView>,
}

struct SessionView {
    id: String,
    browser: String,
    /// In Japan time.
    since: String,
    /// In Japan time.
    last_used: String,
    is_this: bool,
}

/// The query with the notice of the last action.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Notice {
    done: String,
}

impl Notice {
    fn text(&self) -> Option<&'static str> {
        match self.done.as_str() {
            "password" => {
                Some("パスワードを変更しました。ほかのブラウザーからはログアウトされました。")
            }
            "confirmed" => Some(CONFIRMED),
            "passkey-added" => Some("パスキーを追加しました。"),
            "passkey-renamed" => Some("パスキーの名前を変更しました。"),
            "passkey-removed" => Some("パスキーを削除しました。"),
            "ended" => Some("選択したブラウザーからログアウトしました。"),
            "others-ended" => Some("ほかのすべてのブラウザーからログアウトしました。"),
            "second-factor-removed" => Some("認証アプリを削除しました。"),
            _ => None,
        }
    }
}

/// Shows the page.
pub(crate) async fn show(
    State(app): State<App>,
    headers: HeaderMap,
    notice: Result<Query<Notice>, QueryRejection>,
) -> Result<Response, Instead> {
    let now = app.now();
    let signed_in = page_user(&app, &headers, SIGN_IN, now).await?;
    let notice = notice.map_or_else(|_| Notice::default(), |Query(notice)| notice);
    Ok(page(&app, &signed_in, (notice.text(), None), now).await?)
}

/// Shows the page with a notice or an error.
pub(crate) async fn page(
    app: &App,
    signed_in: &SignedIn,
    (notice, problem): (Option<&'static str>, Option<&Problem>),
    now: Timestamp,
) -> Result<Response, Problem> {
    let workspace = app.store.workspace_to_show(&signed_in.workspace_id).await?;
    let workspace = workspace.ok_or_else(Problem::internal)?;
    let due = second_factor_due(&app.store, signed_in, &workspace).await?;
    let mut frame = Frame::of(signed_in, &workspace, HERE)
        .with_second_factor_due(due)
        .with_notice(notice)
        .with_banners_of(&app.store, &workspace)
        .await?;
    if let Some(problem) = problem {
        frame = frame.with_error(&problem.detail);
    }
    let user = &signed_in.user;
    let factors = app
        .store
        .second_factors(&signed_in.workspace_id, &user.user_id)
        .await?;
    let page = Page {
        frame,
        has_password: user.login_method == LoginMethod::Password,
        username: username(user),
        has_app: factors.totp.is_some(),
        recovery_codes_left: factors.recovery_codes_left,
        passkeys: factors.passkeys.into_iter().map(Into::into).collect(),
        sessions: sessions(app, signed_in, now).await?,
    };
    let status = problem.map_or(StatusCode::OK, |problem| problem.status);
    Ok(html_page(status, &page))
}

/// Returns what a user signs in with, for password managers and authenticators.
pub(crate) fn username(user: &User) -> String {
    let email = user.email.as_ref().map(ToString::to_string);
    let code = user.code.as_ref().map(ToString::to_string);
    email.or(code).unwrap_or_default()
}

/// Returns the sessions that have not ended, the last used first.
async fn sessions(
    app: &App,
    signed_in: &SignedIn,
    now: Timestamp,
) -> Result<Vec<SessionView>, Problem> {
    let mut sessions = open_sessions(app, signed_in, now).await?;
    sessions.sort_by_key(|it| std::cmp::Reverse(it.session.last_seen_at));
    let view = |StoredSession {
                    token_hash,
                    session,
                }: StoredSession| SessionView {
        is_this: token_hash == signed_in.token_hash,
        id: token_hash,
        browser: session.browser,
        since: date_and_time(session.created_at),
        last_used: date_and_time(session.last_seen_at),
    };
    Ok(sessions.into_iter().map(view).collect())
}

/// Returns the sessions of the user that have not ended.
pub(super) async fn open_sessions(
    app: &App,
    signed_in: &SignedIn,
    now: Timestamp,
) -> Result<Vec<StoredSession>, Problem> {
    let user_id = &signed_in.user.user_id;
    let mut sessions = app
        .store
        .sessions_of(&signed_in.workspace_id, user_id)
        .await?;
    sessions.retain(|StoredSession { session, .. }| {
        session.epoch == signed_in.session.epoch && session_times(session).is_alive(now)
    });
    Ok(sessions)
}
