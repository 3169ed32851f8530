//! The page ワークスペース設定 → 通知.

mod chat;
mod recipients;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use domain::{MOST_CHOSEN_USERS, NotificationKind};
use web::{Frame, ProblemPage, html_page};

use self::chat::Chat;
use self::recipients::{KindFields, RecipientFields};
use crate::api::notifications::{checked, save};
use crate::app::App;
use crate::auth::page::{ConfirmedForm, PageAdmin, PageUser};
use crate::pages::notice::{Notice, NoticeQuery};
use crate::pages::query::Lenient;

/// The path of the page.
const PATH: &str = "/settings/notifications";

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route(PATH, get(show).post(submit))
        .route("/settings/notifications/chat-webhook", post(chat::submit))
        .route(
            "/settings/notifications/chat-webhook/remove",
            post(chat::submit_removal),
        )
        .route(
            "/settings/notifications/chat-webhook/test",
            post(chat::submit_test),
        )
}

#[derive(Template)]
#[template(path = "notifications.html")]
struct Page {
    frame: Frame,
    kinds: Vec<KindFields>,
    most_users: usize,
    chat: Chat,
}

async fn show(
    State(app): State<App>,
    PageAdmin(admin): PageAdmin,
    Lenient(query): Lenient<NoticeQuery>,
) -> Result<Response, ProblemPage> {
    let frame = admin.frame(PATH).with_notice(query.notice());
    let page = stored(&app, &admin, frame).await?;
    Ok(html_page(StatusCode::OK, &page))
}

/// Returns the page with what is stored.
async fn stored(app: &App, admin: &PageUser, frame: Frame) -> Result<Page, ProblemPage> {
    let roster = app.roster(admin.workspace_id()).await?;
    let notifications = &admin.workspace.notifications;
    let fields = |kind| KindFields::stored(kind, notifications.recipients(kind), &roster);
    Ok(Page {
        kinds: NotificationKind::ALL.into_iter().map(fields).collect(),
        frame,
        most_users: MOST_CHOSEN_USERS,
        chat: Chat::of(app, admin).await?,
    })
}

/// Returns the page with what is stored, and why something else was not.
async fn page_with_error(
    app: &App,
    admin: &PageUser,
    wrong: String,
) -> Result<Response, ProblemPage> {
    let frame = admin.frame(PATH).with_error(wrong);
    let page = stored(app, admin, frame).await?;
    Ok(html_page(StatusCode::BAD_REQUEST, &page))
}

async fn submit(
    State(app): State<App>,
    ConfirmedForm(form): ConfirmedForm<RecipientFields>,
) -> Result<Response, ProblemPage> {
    let admin = &form.admin;
    let roster = app.roster(admin.workspace_id()).await?;
    let mut after = admin.workspace.notifications.clone();
    let mut wrong = None;
    for kind in NotificationKind::ALL {
        let choice = form.fields.choice(kind, &roster);
        match choice.and_then(|choice| checked(kind, choice, &roster)) {
            Ok(recipients) => *after.recipients_mut(kind) = recipients,
            Err(problem) => {
                wrong.get_or_insert((kind, problem.detail));
            }
        }
    }
    let Some((wrong_kind, detail)) = wrong else {
        save(&app, &admin.signed_in, &admin.workspace, after).await?;
        return Ok(Notice::NotificationsSaved.at(PATH).into_response());
    };
    let fields = |kind| form.fields.typed(kind, kind == wrong_kind);
    let page = Page {
        kinds: NotificationKind::ALL.into_iter().map(fields).collect(),
        frame: admin.frame(PATH).with_error(detail),
        most_users: MOST_CHOSEN_USERS,
        chat: Chat::of(&app, admin).await?,
    };
    Ok(html_page(StatusCode::BAD_REQUEST, &page))
}
