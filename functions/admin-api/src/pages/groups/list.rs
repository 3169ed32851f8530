//! The groups of the workspace, and the form for a new one.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::text::people;
use serde::Deserialize;
use web::{Frame, ProblemPage, html_page};

use super::PATH;
use crate::api::groups::{default_group, list};
use crate::app::App;
use crate::auth::page::{AdminForm, PageAdmin, PageUser};
use crate::pages::notice::{Notice, NoticeQuery};
use crate::pages::query::Lenient;

#[derive(Template)]
#[template(path = "groups.html")]
struct Page {
    frame: Frame,
    rows: Vec<Row>,
    /// The name of the new group, as typed.
    name: String,
}

struct Row {
    id: String,
    name: String,
    members: String,
    is_default: bool,
}

/// The form for a new group.
#[derive(Deserialize)]
pub(super) struct NameForm {
    #[serde(default)]
    pub(super) name: String,
}

pub(super) async fn show(
    State(app): State<App>,
    PageAdmin(admin): PageAdmin,
    Lenient(query): Lenient<NoticeQuery>,
) -> Result<Response, ProblemPage> {
    let frame = admin.frame(PATH).with_notice(query.notice());
    page(&app, &admin, frame, String::new(), StatusCode::OK).await
}

pub(super) async fn create(
    State(app): State<App>,
    AdminForm { admin, fields }: AdminForm<NameForm>,
) -> Result<Response, ProblemPage> {
    let NameForm { name } = fields;
    match list::create(&app, &admin.signed_in, &admin.workspace, &name).await {
        Ok(_) => Ok(Notice::GroupCreated.at(PATH).into_response()),
        Err(problem) => {
            let frame = admin.frame(PATH).with_error(&problem.detail);
            page(&app, &admin, frame, name, problem.status).await
        }
    }
}

async fn page(
    app: &App,
    admin: &PageUser,
    frame: Frame,
    name: String,
    status: StatusCode,
) -> Result<Response, ProblemPage> {
    let roster = app.roster(admin.workspace_id()).await?;
    let default = default_group(admin.connection_to_show());
    let rows = admin.workspace.groups.iter().map(|group| Row {
        id: group.id.to_string(),
        name: group.name.clone(),
        members: people(roster.members(&group.id).count()),
        is_default: default == Some(&group.id),
    });
    let page = Page {
        frame,
        rows: rows.collect(),
        name,
    };
    Ok(html_page(status, &page))
}
