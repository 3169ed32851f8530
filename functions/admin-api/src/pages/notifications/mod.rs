//! The page ワークスペース設定 → 通知.

mod recipients;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use domain::{MOST_CHOSEN_USERS, NotificationKind};
use web::{Frame, ProblemPage, html_page};

use self::recipients::{KindFields, RecipientFields};
use crate::api::notifications::{checked, save};
use crate::app::App;
use crate::auth::page::{AdminUser, ConfirmedForm};
use crate::pages::notice::{Notice, NoticeQuery};
use crate::pages::query::Lenient;

/// The path of the page.
const PATH: &str = "/settings/notifications";

pub(super) fn routes() -> Router<App> {
    Router::new().route(PATH, get(show).post(submit))
}

#[derive(Template)]
#[template(path = "notifications.html")]
struct Page {
    frame: Frame,
    kinds: Vec<KindFields>,
    most_users: usize,
}

async fn show(
    State(app): State<App>,
    AdminUser(admin): AdminUser,
    Lenient(query): Lenient<NoticeQuery>,
) -> Result<Response, ProblemPage> {
    let roster = app.roster(admin.workspace_id()).await?;
    let notifications = &admin.workspace.notifications;
    let fields = |kind| KindFields::stored(kind, notifications.recipients(kind), &roster);
    let page = Page {
        kinds: NotificationKind::ALL.into_iter().map(fields).collect(),
        frame: admin.frame(PATH).with_notice(query.notice()),
        most_users: MOST_CHOSEN_USERS,
    };
    Ok(html_page(StatusCode::OK, &page))
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
    };
    Ok(html_page(StatusCode::BAD_REQUEST, &page))
}
