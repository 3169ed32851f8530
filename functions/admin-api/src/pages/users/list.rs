//! `GET /users`: who is there, by 50.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::{GroupId, Status, User, UserId, Workspace};
use serde::Deserialize;
use url::form_urlencoded::Serializer;
use web::{Frame, Problem, ProblemPage, html_page};

use super::HERE;
use super::sent::Sent;
use crate::app::App;
use crate::input::{Params, is_plain};
use crate::invitations::{Refused, check_needs_invitation};
use crate::pages::gate::{ManagerVisit, Visitor};
use crate::roles::check_may_act_on;
use crate::user_view::is_locked;
use crate::users::{PAGE, Wanted, search};

const STATUSES: [(&str, Status); 2] = [("invited", Status::Invited), ("active", Status::Active)];

#[derive(Template)]
#[template(path = "users.html")]
struct Page {
    frame: Frame,
    q: String,
    /// 招待中 or 有効, when only those are shown.
    statuses: [StatusOption; 2],
    /// The query's, to come back to this page.
    after: String,
    rows: Vec<Row>,
    /// The address of the first page, unless this is it.
    first: Option<String>,
    /// The address of the next page.
    next: Option<String>,
    /// Whether anybody here can be invited again.
    may_invite: bool,
    refused: Vec<NotInvited>,
}

struct Row {
    id: String,
    name: String,
    email: String,
    code: String,
    role: &'static str,
    groups: String,
    status: &'static str,
    linked: bool,
    sent: Option<Sent>,
    may_invite: bool,
}

struct StatusOption {
    word: &'static str,
    label: &'static str,
    chosen: bool,
}

struct NotInvited {
    name: String,
    reason: String,
}

/// Which users.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Which {
    /// Part of a name, an address or a code.
    pub(super) q: String,
    /// `invited`, `active`, or empty for both.
    pub(super) status: String,
    /// Only users after this one.
    pub(super) after: String,
    /// How many were just invited again.
    invited: Option<usize>,
}

impl Which {
    /// The page's address, with word of how many were just invited again.
    pub(super) fn address(&self, invited: Option<usize>) -> String {
        let mut query = Serializer::new(String::new());
        let kept = [
            ("q", &self.q),
            ("status", &self.status),
            ("after", &self.after),
        ];
        for (name, value) in kept {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        if let Some(invited) = invited {
            query.append_pair("invited", &invited.to_string());
        }
        format!("{HERE}?{}", query.finish())
    }
}

pub(super) async fn show(
    State(app): State<App>,
    ManagerVisit(visitor): ManagerVisit,
    which: Result<Params<Which>, Problem>,
) -> Result<Response, ProblemPage> {
    let Params(which) = which?;
    let notice = which.invited.map(invited_again);
    let frame = visitor.frame(HERE).with_notice(notice);
    page(&app, &visitor, frame, which, Vec::new()).await
}

/// What is said when so many people were invited again.
pub(super) fn invited_again(people: usize) -> String {
    format!("{people}人に招待メールを送信しました。")
}

/// The list, with the reasons of those who could not be invited.
pub(super) async fn page(
    app: &App,
    visitor: &Visitor,
    frame: Frame,
    which: Which,
    refused: Vec<Refused>,
) -> Result<Response, ProblemPage> {
    let after = match which.after.as_str() {
        "" => None,
        after if is_plain(after) => Some(UserId::new(after)),
        _ => {
            return Err(ProblemPage(Problem::bad_request(
                "bad_request",
                "このURLは正しくありません。ユーザー管理を開き直してください。",
            )));
        }
    };
    let id = visitor.workspace_id();
    let only = STATUSES.into_iter().find(|(word, _)| *word == which.status);
    let wanted = Wanted::new(&which.q, only.map(|(_, status)| status));
    let (users, next) = search(app, id, &wanted, after, PAGE).await?;
    let link = app.store().connection(id).await?;
    let now = app.now();
    let groups = group_names(&visitor.workspace);
    let actor = &visitor.signed_in.user;
    let row = |user: &User| Row {
        id: user.user_id.to_string(),
        name: user.name.clone(),
        email: user
            .email
            .as_ref()
            .map_or_else(String::new, ToString::to_string),
        code: user
            .code
            .as_ref()
            .map_or_else(String::new, ToString::to_string),
        role: user.role.label(),
        groups: named(&groups, user),
        status: status(user.status),
        linked: is_locked(user, link.as_ref()),
        sent: Sent::to(user, now),
        may_invite: check_needs_invitation(user, now).is_ok()
            && check_may_act_on(actor, user).is_ok(),
    };
    let rows: Vec<Row> = users.iter().map(row).collect();
    let name_of = |refused: Refused| NotInvited {
        name: rows
            .iter()
            .find(|row| row.id == refused.user_id)
            .map_or_else(|| "不明なユーザー".to_owned(), |row| row.name.clone()),
        reason: refused.reason,
    };
    let page_after = |after: String| {
        let which = Which {
            q: which.q.clone(),
            status: which.status.clone(),
            after,
            invited: None,
        };
        which.address(None)
    };
    let page = Page {
        frame,
        first: (!which.after.is_empty()).then(|| page_after(String::new())),
        next: next.map(|next| page_after(next.to_string())),
        may_invite: rows.iter().any(|row| row.may_invite),
        refused: refused.into_iter().map(name_of).collect(),
        statuses: STATUSES.map(|(word, it)| StatusOption {
            word,
            label: status(it),
            chosen: word == which.status,
        }),
        rows,
        q: which.q,
        after: which.after,
    };
    Ok(html_page(StatusCode::OK, &page))
}

/// 招待中, 有効
pub(super) fn status(status: Status) -> &'static str {
    match status {
        Status::Invited => "招待中",
        Status::Active => "有効",
    }
}

fn group_names(workspace: &Workspace) -> BTreeMap<&GroupId, &str> {
    let groups = workspace.groups.iter();
    groups
        .map(|group| (&group.id, group.name.as_str()))
        .collect()
}

fn named(groups: &BTreeMap<&GroupId, &str>, user: &User) -> String {
    let names: Vec<&str> = user
        .groups
        .iter()
        .filter_map(|id| groups.get(id).copied())
        .collect();
    names.join("、")
}
