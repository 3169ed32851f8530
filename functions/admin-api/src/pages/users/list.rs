//! `GET /users`: the workspace's users, 50 per page.

use std::collections::BTreeMap;

use accounts::roles::check_may_act_on;
use accounts::{
    NotMailed, UserFilter, check_may_reset_password, check_needs_initial_password,
    check_needs_invitation, is_linked,
};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::is_plain_id;
use domain::{AwaitedLogin, GroupId, Status, User, UserId, Workspace};
use serde::Deserialize;
use url::form_urlencoded::Serializer;
use web::{Frame, Problem, ProblemPage, html_page};

use super::open_credential::OpenCredential;
use super::{HERE, text};
use crate::api::users::list::PAGE;
use crate::api::users::problem::problem;
use crate::app::App;
use crate::auth::page::{AdminUser, SignedInUser};
use crate::input::Params;
use crate::pages::words::{value_of, word};

#[derive(Template)]
#[template(path = "users.html")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a button that is there or not"
)]
struct Page {
    frame: Frame,
    q: String,
    /// The choices of the status filter: 招待中 and 有効.
    statuses: [StatusOption; 2],
    /// The choices of the filter by login: 未ログイン and 初期パスワードの期限切れ.
    awaited: [StatusOption; 2],
    /// The query's `after`, so that the form returns to this page.
    after: String,
    rows: Vec<Row>,
    /// The address of the first page; `None` on that page.
    first: Option<String>,
    /// The address of the next page; `None` on the last page.
    next: Option<String>,
    /// Whether any listed user can be invited again.
    may_invite: bool,
    /// Whether the invitation mails are paused.
    paused: bool,
    /// Whether any listed user can be sent a link to choose a new password.
    may_reset: bool,
    /// Whether any listed user can be issued an initial password.
    may_issue: bool,
    refused: Vec<Refused>,
}

#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a mark or a button that is there or not"
)]
struct Row {
    id: String,
    name: String,
    email: String,
    code: String,
    role: &'static str,
    is_emergency_account: bool,
    groups: String,
    status: &'static str,
    linked: bool,
    sent: Option<OpenCredential>,
    may_invite: bool,
    may_reset: bool,
    may_issue: bool,
}

struct StatusOption {
    word: String,
    label: &'static str,
    chosen: bool,
}

struct Refused {
    name: String,
    reason: String,
}

/// The query of the user list.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct ListQuery {
    /// A part of a name, an address or a code; empty for every user.
    pub(super) q: String,
    /// `invited`, `active`, or empty for both.
    pub(super) status: String,
    /// `any` or `password_expired` for those who have not come in yet, or empty.
    pub(super) awaited: String,
    /// The id of a user; the page shows only users after it. Empty on the first page.
    pub(super) after: String,
    /// The number of people who were just invited again, for the notice.
    invited: Option<usize>,
    /// The number of people who were just sent a link to choose a new password, for the notice.
    reset: Option<usize>,
    /// The number of people who were just issued initial passwords, for the notice.
    issued: Option<usize>,
}

impl ListQuery {
    /// Returns the filter that the query asks for.
    pub(super) fn filter(&self) -> UserFilter {
        UserFilter::new(&self.q, value_of(&self.status), value_of(&self.awaited))
    }

    /// Returns the page's address, with the number of people who were just mailed.
    pub(super) fn address(&self, mailed: Option<(BulkMail, usize)>) -> String {
        let mut serializer = Serializer::new(String::new());
        let kept = [
            ("q", &self.q),
            ("status", &self.status),
            ("awaited", &self.awaited),
            ("after", &self.after),
        ];
        for (name, value) in kept {
            if !value.is_empty() {
                serializer.append_pair(name, value);
            }
        }
        if let Some((kind, people)) = mailed {
            serializer.append_pair(kind.word(), &people.to_string());
        }
        format!("{HERE}?{}", serializer.finish())
    }
}

pub(super) async fn show(
    State(app): State<App>,
    AdminUser(admin): AdminUser,
    query: Result<Params<ListQuery>, Problem>,
) -> Result<Response, ProblemPage> {
    let Params(query) = query?;
    let invited = query
        .invited
        .map(|people| BulkMail::Invitation.notice(people));
    let reset = query
        .reset
        .map(|people| BulkMail::PasswordReset.notice(people));
    let issued = query
        .issued
        .map(|people| BulkMail::InitialPassword.notice(people));
    let notice = invited.or(reset).or(issued);
    let frame = admin.frame(HERE).with_notice(notice);
    page(&app, &admin, frame, query, Vec::new()).await
}

/// A mail that several people are sent at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BulkMail {
    Invitation,
    PasswordReset,
    InitialPassword,
}

impl BulkMail {
    /// Returns the word in the page's address.
    fn word(self) -> &'static str {
        match self {
            Self::Invitation => "invited",
            Self::PasswordReset => "reset",
            Self::InitialPassword => "issued",
        }
    }

    /// Returns the notice that the mail was sent to this many people.
    pub(super) fn notice(self, people: usize) -> String {
        match self {
            Self::Invitation => format!("{people}人に招待メールを送信しました。"),
            Self::PasswordReset => format!("{people}人にパスワード再設定メールを送信しました。"),
            Self::InitialPassword => format!(
                "{people}人の初期パスワードを再発行し、システム管理者にメールでお知らせしました。"
            ),
        }
    }
}

/// Shows the list with the reasons why people could not be mailed.
pub(super) async fn page(
    app: &App,
    admin: &SignedInUser,
    frame: Frame,
    query: ListQuery,
    refused: Vec<NotMailed>,
) -> Result<Response, ProblemPage> {
    let after = match query.after.as_str() {
        "" => None,
        after if is_plain_id(after) => Some(UserId::new(after)),
        _ => {
            return Err(ProblemPage(Problem::bad_request(
                "bad_request",
                "このURLは正しくありません。ユーザー管理を開き直してください。",
            )));
        }
    };
    let status: Option<Status> = value_of(&query.status);
    let awaited: Option<AwaitedLogin> = value_of(&query.awaited);
    let filter = query.filter();
    let accounts = app.accounts(&admin.signed_in);
    let found = accounts.search(&filter, after, PAGE).await?;
    let connection = app.store().connection(admin.workspace_id()).await?;
    let pause = app.store().invitation_pause(admin.workspace_id()).await?;
    let now = app.now();
    let groups = group_names(&admin.workspace);
    let actor = &admin.signed_in.user;
    let row = |user: &User| Row {
        id: user.user_id.to_string(),
        name: user.name.clone(),
        email: text(user.email.as_ref()),
        code: text(user.code.as_ref()),
        role: user.role.label(),
        is_emergency_account: user.is_emergency_account,
        groups: names_of_groups(&groups, user),
        status: status_label(user.status),
        linked: is_linked(user, connection.as_ref()),
        sent: OpenCredential::of(user, now),
        may_invite: check_needs_invitation(user, now).is_ok()
            && check_may_act_on(actor, user).is_ok(),
        may_reset: check_may_reset_password(user).is_ok() && check_may_act_on(actor, user).is_ok(),
        may_issue: check_needs_initial_password(user).is_ok()
            && check_may_act_on(actor, user).is_ok(),
    };
    let rows: Vec<Row> = found.users.iter().map(row).collect();
    let refused_row = |refused: NotMailed| Refused {
        name: rows
            .iter()
            .find(|row| row.id == refused.user_id)
            .map_or_else(|| "不明なユーザー".to_owned(), |row| row.name.clone()),
        reason: problem(refused.reason).detail,
    };
    let page_after = |after: String| {
        let other_page = ListQuery {
            q: query.q.clone(),
            status: query.status.clone(),
            awaited: query.awaited.clone(),
            after,
            ..ListQuery::default()
        };
        other_page.address(None)
    };
    let page = Page {
        frame,
        first: (!query.after.is_empty()).then(|| page_after(String::new())),
        next: found.next.map(|next| page_after(next.to_string())),
        may_invite: rows.iter().any(|row| row.may_invite),
        paused: pause.is_some(),
        may_reset: rows.iter().any(|row| row.may_reset),
        may_issue: rows.iter().any(|row| row.may_issue),
        refused: refused.into_iter().map(refused_row).collect(),
        statuses: [Status::Invited, Status::Active].map(|it| StatusOption {
            word: word(it),
            label: status_label(it),
            chosen: status == Some(it),
        }),
        awaited: AwaitedLogin::ALL.map(|it| StatusOption {
            word: word(it),
            label: it.label(),
            chosen: awaited == Some(it),
        }),
        rows,
        q: query.q,
        after: query.after,
    };
    Ok(html_page(StatusCode::OK, &page))
}

/// Returns the label of a status: 招待中 or 有効.
pub(super) fn status_label(status: Status) -> &'static str {
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

fn names_of_groups(groups: &BTreeMap<&GroupId, &str>, user: &User) -> String {
    let names: Vec<&str> = user
        .groups
        .iter()
        .filter_map(|id| groups.get(id).copied())
        .collect();
    names.join("、")
}
