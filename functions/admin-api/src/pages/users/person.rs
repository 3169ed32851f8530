//! `GET /users/{id}`: one user.

use std::collections::BTreeSet;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::Connection;
use domain::{GroupId, LoginMethod, User};
use serde::Deserialize;
use web::{Frame, Problem, ProblemPage, html_page};

use super::HERE;
use super::edit::Typed;
use super::list::status;
use super::role_choice::{RoleOption, role_options};
use super::sent::Sent;
use crate::app::App;
use crate::delete_user::DELETED;
use crate::initial_password::{ISSUED, code_of};
use crate::input::{Id, Params};
use crate::invitations::{INVITED, check_needs_invitation};
use crate::pages::gate::{ManagerVisit, Visitor};
use crate::roles::{check_may_act_on, check_may_delete};
use crate::user_view::is_locked;
use crate::users::find;

/// Manual: 「連携中は、KiteRa側で名前・メールアドレス・従業員コード・認証方法の変更はできません。」
const LOCKED_BY_SMARTHR: &str = "SmartHRと連携中のため、氏名・メールアドレス・従業員コード・認証方法はKiteRaで変更できません。SmartHRで変更すると、翌日午前2時の同期で反映されます。";

#[derive(Template)]
#[template(path = "users_person.html")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a button that is there or not"
)]
struct Page {
    frame: Frame,
    id: String,
    name: String,
    /// What the form was filled in from; a later one is not overwritten.
    version: u64,
    status: &'static str,
    /// Why name, address, code and login method cannot be edited.
    locked: Option<String>,
    typed: Typed,
    login_method: LoginMethod,
    sso_configured: bool,
    role: &'static str,
    roles: Vec<RoleOption>,
    /// Why there is no other role to choose.
    role_locked: Option<String>,
    groups: Vec<GroupOption>,
    /// The group that every night gives anew.
    nightly_group: Option<String>,
    sent: Option<Sent>,
    may_invite: bool,
    may_issue: bool,
    may_unlink: bool,
    may_delete: bool,
}

struct GroupOption {
    id: String,
    name: String,
    chosen: bool,
}

/// What was just done with the user.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Done {
    done: String,
}

impl Done {
    pub(super) fn notice(&self) -> Option<&'static str> {
        match self.done.as_str() {
            "saved" => Some("ユーザー情報を保存しました。"),
            "invited" => Some(INVITED),
            "issued" => Some(ISSUED),
            "restored" => Some("ユーザーを復元しました。"),
            "unlinked" => Some("SmartHRとの紐付けを解除しました。"),
            "deleted" => Some(DELETED),
            _ => None,
        }
    }
}

/// The address that shows a user and what was just done with them.
pub(super) fn address(id: &str, done: &str) -> String {
    format!("{HERE}/{id}?done={done}")
}

pub(super) async fn show(
    State(app): State<App>,
    ManagerVisit(visitor): ManagerVisit,
    id: Result<Id, Problem>,
    done: Result<Params<Done>, Problem>,
) -> Result<Response, ProblemPage> {
    let (Id(id), Params(done)) = (id?, done?);
    let workspace_id = visitor.workspace_id();
    let user = find(&app, workspace_id, id).await?;
    let link = app.store().connection(workspace_id).await?;
    let frame = visitor.frame(HERE).with_notice(done.notice());
    let typed = Typed::from(&user);
    Ok(page(&app, &visitor, frame, link.as_ref(), (&user, typed)))
}

/// The page again, with what was typed, and why it was refused.
pub(super) fn refused(
    app: &App,
    visitor: &Visitor,
    link: Option<&Connection>,
    user: (&User, Typed),
    problem: &Problem,
) -> Response {
    let frame = visitor.frame(HERE).with_error(&problem.detail);
    let mut response = page(app, visitor, frame, link, user);
    *response.status_mut() = problem.status;
    response
}

fn page(
    app: &App,
    visitor: &Visitor,
    frame: Frame,
    link: Option<&Connection>,
    (user, typed): (&User, Typed),
) -> Response {
    let now = app.now();
    let actor = &visitor.signed_in.user;
    let may_act = check_may_act_on(actor, user);
    let linked = is_locked(user, link);
    let locked = if linked {
        Some(LOCKED_BY_SMARTHR.to_owned())
    } else {
        may_act.as_ref().err().map(|problem| problem.detail.clone())
    };
    let typed = match locked {
        // What cannot be edited is shown as it is, whatever was sent.
        Some(_) => Typed {
            role: typed.role,
            groups: typed.groups,
            ..Typed::from(user)
        },
        None => typed,
    };
    let (roles, role_locked) = role_options(actor, user, typed.role);
    let page = Page {
        frame,
        id: user.user_id.to_string(),
        name: user.name.clone(),
        version: user.version,
        status: status(user.status),
        locked,
        login_method: user.login_method,
        sso_configured: visitor.workspace.sso_configured,
        role: user.role.label(),
        roles,
        role_locked,
        groups: group_options(visitor, &typed.groups),
        nightly_group: nightly_group(visitor, link.filter(|_| linked)),
        sent: Sent::to(user, now),
        may_invite: may_act.is_ok() && check_needs_invitation(user, now).is_ok(),
        may_issue: may_act.is_ok() && code_of(user).is_ok(),
        may_unlink: may_act.is_ok() && linked,
        may_delete: check_may_delete(actor, user).is_ok(),
        typed,
    };
    html_page(StatusCode::OK, &page)
}

fn group_options(visitor: &Visitor, chosen: &BTreeSet<String>) -> Vec<GroupOption> {
    let groups = visitor.workspace.groups.iter();
    groups
        .map(|group| GroupOption {
            id: group.id.to_string(),
            name: group.name.clone(),
            chosen: chosen.contains(group.id.as_str()),
        })
        .collect()
}

fn nightly_group(visitor: &Visitor, link: Option<&Connection>) -> Option<String> {
    let id: &GroupId = &link?.settings.default_group;
    let mut groups = visitor.workspace.groups.iter();
    let group = groups.find(|group| group.id == *id)?;
    Some(group.name.clone())
}
