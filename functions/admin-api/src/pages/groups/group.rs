//! One group: its name, its members, and [削除する].

use accounts::RosterEntry;
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::GroupId;
use domain::groups::GroupError;
use domain::text::people;
use web::{Frame, Problem, ProblemPage, html_page};

use super::list::NameForm;
use super::members::MOST;
use super::{PATH, path_of};
use crate::api::groups::{default_group, group, problem};
use crate::app::App;
use crate::auth::page::{AdminForm, NoFields, PageAdmin, PageUser};
use crate::input::Id;
use crate::pages::notice::{Notice, NoticeQuery};
use crate::pages::query::Lenient;

/// The number of members that the page lists; ユーザー管理 shows all of them.
const LISTED: usize = 200;

#[derive(Template)]
#[template(path = "group.html")]
struct Page {
    frame: Frame,
    id: String,
    name: String,
    /// The name in the form, as stored or as typed.
    typed_name: String,
    /// Why the group cannot be deleted; `None` if it can.
    stays_because: Option<String>,
    is_default: bool,
    members: Vec<Member>,
    /// How many members there are.
    all: String,
    /// How many of them are not listed; empty if all are.
    others: String,
    /// Whom to add, as typed.
    typed_people: String,
    /// What is wrong with lines of it.
    wrong: Vec<String>,
    most: usize,
}

struct Member {
    id: String,
    name: String,
    code: String,
    email: String,
}

impl From<&RosterEntry> for Member {
    fn from(entry: &RosterEntry) -> Self {
        let user = &entry.user;
        let text = |value: Option<String>| value.unwrap_or_default();
        Self {
            id: user.user_id.to_string(),
            name: user.name.clone(),
            code: text(user.code.as_ref().map(ToString::to_string)),
            email: text(user.email.as_ref().map(ToString::to_string)),
        }
    }
}

/// What somebody typed into the forms of the page, and what is wrong with it.
#[derive(Default)]
pub(super) struct Typed {
    pub(super) name: Option<String>,
    pub(super) people: String,
    pub(super) wrong: Vec<String>,
}

pub(super) async fn show(
    State(app): State<App>,
    PageAdmin(admin): PageAdmin,
    id: Result<Id, Problem>,
    Lenient(query): Lenient<NoticeQuery>,
) -> Result<Response, ProblemPage> {
    let Id(id) = id?;
    let frame = admin.frame(PATH).with_notice(query.notice());
    page(&app, &admin, frame, &id, Typed::default(), StatusCode::OK).await
}

pub(super) async fn rename(
    State(app): State<App>,
    id: Result<Id, Problem>,
    AdminForm { admin, fields }: AdminForm<NameForm>,
) -> Result<Response, ProblemPage> {
    let Id(id) = id?;
    let (group_id, name) = (GroupId::new(&id), fields.name);
    let workspace = &admin.workspace;
    match group::rename(&app, &admin.signed_in, workspace, &group_id, &name).await {
        Ok(_) => Ok(Notice::GroupRenamed.at(&path_of(&id)).into_response()),
        Err(problem) => {
            let typed = Typed {
                name: Some(name),
                ..Typed::default()
            };
            let frame = admin.frame(PATH).with_error(&problem.detail);
            page(&app, &admin, frame, &id, typed, problem.status).await
        }
    }
}

pub(super) async fn delete(
    State(app): State<App>,
    id: Result<Id, Problem>,
    AdminForm { admin, .. }: AdminForm<NoFields>,
) -> Result<Response, ProblemPage> {
    let Id(id) = id?;
    let group_id = GroupId::new(&id);
    match group::delete(&app, &admin.signed_in, &admin.workspace, &group_id).await {
        Ok(()) => Ok(Notice::GroupDeleted.at(PATH).into_response()),
        Err(problem) => {
            let frame = admin.frame(PATH).with_error(&problem.detail);
            page(&app, &admin, frame, &id, Typed::default(), problem.status).await
        }
    }
}

/// Shows the page of a group, or the 404.
pub(super) async fn page(
    app: &App,
    admin: &PageUser,
    frame: Frame,
    id: &str,
    typed: Typed,
    status: StatusCode,
) -> Result<Response, ProblemPage> {
    let group_id = GroupId::new(id);
    let group = admin.workspace.group(&group_id);
    let group = group.ok_or_else(|| problem(&GroupError::Unknown))?;
    let roster = app.roster(admin.workspace_id()).await?;
    let mut members: Vec<&RosterEntry> = roster.members(&group_id).collect();
    members.sort_by(|a, b| a.user.name.cmp(&b.user.name));
    let all = members.len();
    let default = default_group(admin.connection_to_show());
    let workspace = admin.workspace.clone();
    let stays = workspace.without_group(&group_id, default, all).err();
    let page = Page {
        frame,
        id: id.to_owned(),
        typed_name: typed.name.unwrap_or_else(|| group.name.clone()),
        name: group.name.clone(),
        stays_because: stays.map(|error| error.sentence()),
        is_default: default == Some(&group_id),
        members: members
            .iter()
            .take(LISTED)
            .map(|it| Member::from(*it))
            .collect(),
        all: people(all),
        others: match all.saturating_sub(LISTED) {
            0 => String::new(),
            others => people(others),
        },
        typed_people: typed.people,
        wrong: typed.wrong,
        most: MOST,
    };
    Ok(html_page(status, &page))
}
