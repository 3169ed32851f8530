//! `GET /users/{id}`: the page of one user, with the form to edit them.

use std::collections::BTreeSet;

use accounts::roles::{check_may_act_on, check_may_delete};
use accounts::{
    check_may_be_emergency_account, check_may_reset_password, check_may_reset_second_factors,
    check_needs_initial_password, check_needs_invitation, is_linked,
};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::time::date_and_time;
use domain::{
    Connection, Credential, GroupId, ImmediateSync, LoginMethod, Role, Status, User, UserId,
};
use serde::Deserialize;
use storage::users::UserAndSignIn;
use web::{Frame, Problem, ProblemCode, ProblemPage, html_page};

use super::edit::FormFields;
use super::list::status_label;
use super::open_credential::OpenCredential;
use super::roles::{RoleOption, role_options};
use super::timeline::{Timeline, TimelineQuery};
use super::{HERE, deleted};
use crate::api::users::delete::DELETED;
use crate::api::users::initial_password::ISSUED;
use crate::api::users::invitations::INVITED;
use crate::api::users::password_resets::SENT;
use crate::api::users::second_factors::RESET;
use crate::api::users::sessions::SIGNED_OUT;
use crate::app::App;
use crate::auth::page::{PageAdmin, PageUser};
use crate::input::{Id, Params};
use crate::pages::query::Lenient;

/// Manual: 「連携中は、KiteRa側で名前・メールアドレス・従業員コード・認証方法の変更はできません。」
const LOCKED_BY_SMARTHR: &str =
    "SmartHRと連携中のため、氏名・メールアドレス・従業員コード・認証方法はKiteRaで変更できません。";

/// When a change in SmartHR arrives: within minutes by 即時反映, at 02:00 only while every night syncs.
fn when_changed(connection: Option<&Connection>) -> &'static str {
    let Some(connection) = connection.filter(|it| it.syncs_at_night()) else {
        return "SmartHRで変更すると、次回の同期で反映されます。";
    };
    match connection.immediate_sync() {
        ImmediateSync::Active => {
            "SmartHRで変更すると、数分以内に反映されます。反映されなかった変更は、翌日午前2時の同期で反映されます。"
        }
        ImmediateSync::Preparing | ImmediateSync::Unavailable | ImmediateSync::Off => {
            "SmartHRで変更すると、翌日午前2時の同期で反映されます。"
        }
    }
}

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
    /// The version of the user that the form was filled in from; a later version is not overwritten.
    version: u64,
    status: &'static str,
    /// The time of the last sign-in, in Japan time; `None` if none was noted, or the page shows why something was
    /// refused.
    last_sign_in: Option<String>,
    /// What happened to the user; `None` if the page shows why something was refused.
    timeline: Option<Timeline>,
    /// The reason why name, address, code and login method cannot be edited; `None` if they can.
    locked: Option<String>,
    fields: FormFields,
    login_method: LoginMethod,
    sso_configured: bool,
    role: &'static str,
    roles: Vec<RoleOption>,
    /// The reason why there is no other role to choose; `None` if there is one.
    role_locked: Option<String>,
    /// Whether 緊急用アカウント can be set or cleared.
    may_set_emergency: bool,
    groups: Vec<GroupOption>,
    /// The name of the group that every run adds the user to.
    nightly_group: Option<String>,
    sent: Option<OpenCredential>,
    /// Whether the user signs in with 企業コード and 従業員コード only.
    by_code: bool,
    /// Whether the user chose a password.
    has_password: bool,
    company_code: String,
    login_url: String,
    may_invite: bool,
    may_issue: bool,
    may_reset: bool,
    may_sign_out: bool,
    may_reset_second_factors: bool,
    may_unlink: bool,
    may_delete: bool,
    /// The person's id in SmartHR, if they can be synced now.
    crew_id: Option<String>,
    /// Where SmartHR shows the person; `None` for somebody who is not linked.
    opened_in_smarthr: Option<String>,
}

struct GroupOption {
    id: String,
    name: String,
    chosen: bool,
}

/// The query with the notice of the last action.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct NoticeQuery {
    done: String,
}

impl NoticeQuery {
    pub(super) fn notice(&self) -> Option<&'static str> {
        match self.done.as_str() {
            "saved" => Some("ユーザー情報を保存しました。"),
            "proof-mailed" => Some(
                "新しいメールアドレスに確認メールを送信しました。メールのリンクを24時間以内に開いて変更を完了するまでは、これまでのメールアドレスでログインしてください。",
            ),
            "proven" => Some("メールアドレスを変更しました。"),
            "invited" => Some(INVITED),
            "issued" => Some(ISSUED),
            "reset" => Some(SENT),
            "signed-out" => Some(SIGNED_OUT),
            "second-factors-reset" => Some(RESET),
            "restored" => Some("ユーザーを復元しました。"),
            "unlinked" => Some("SmartHRとの紐付けを解除しました。"),
            "deleted" => Some(DELETED),
            _ => None,
        }
    }
}

/// Returns the address of a user's page with the notice of the last action.
pub(super) fn address(id: &str, notice: &str) -> String {
    format!("{HERE}/{id}?done={notice}")
}

pub(super) async fn show(
    State(app): State<App>,
    PageAdmin(admin): PageAdmin,
    id: Result<Id, Problem>,
    query: Result<Params<NoticeQuery>, Problem>,
    Lenient(part): Lenient<TimelineQuery>,
) -> Result<Response, ProblemPage> {
    let (Id(id), Params(query)) = (id?, query?);
    let (store, workspace_id) = (app.store(), admin.workspace_id());
    let id = UserId::new(id);
    let found = store.user_and_sign_in(workspace_id, &id).await?;
    let Some(UserAndSignIn { user, last_sign_in }) = found else {
        return deleted::show_person(&app, &admin, &id, &part).await;
    };
    let connection = admin.connection_to_show();
    // A log that cannot be read is no reason not to show the user; it was logged.
    let timeline = Timeline::of(&app, &admin, &user, &part).await;
    let frame = admin.frame(HERE).with_notice(query.notice());
    let fields = FormFields::from(&user);
    let page = Page {
        last_sign_in: last_sign_in.map(date_and_time),
        timeline: timeline.ok(),
        ..page(&app, &admin, frame, connection, &user, fields)
    };
    Ok(html_page(StatusCode::OK, &page))
}

/// Shows the page again, with the typed values and the reason why they were refused.
pub(super) fn refused(
    app: &App,
    admin: &PageUser,
    connection: Option<&Connection>,
    user: &User,
    fields: FormFields,
    problem: &Problem,
) -> Response {
    let frame = admin.frame(HERE).with_error(&problem.detail);
    let page = page(app, admin, frame, connection, user, fields);
    let mut response = html_page(problem.status, &page);
    response.extensions_mut().insert(ProblemCode(problem.code));
    response
}

fn page(
    app: &App,
    admin: &PageUser,
    frame: Frame,
    connection: Option<&Connection>,
    user: &User,
    fields: FormFields,
) -> Page {
    let now = app.now();
    let actor = &admin.signed_in.user;
    let may_act = check_may_act_on(actor, user);
    let linked = is_linked(user, connection);
    let locked = if linked {
        Some(LOCKED_BY_SMARTHR.to_owned() + when_changed(connection))
    } else {
        may_act.as_ref().err().map(ToString::to_string)
    };
    let fields = match locked {
        // Fields that cannot be edited show the stored values, whatever was sent.
        Some(_) => FormFields {
            role: fields.role,
            emergency_account: fields.emergency_account,
            groups: fields.groups,
            ..FormFields::from(user)
        },
        None => fields,
    };
    let (roles, role_locked) = role_options(actor, user, fields.role);
    Page {
        frame,
        id: user.user_id.to_string(),
        name: user.name.clone(),
        version: user.version,
        status: status_label(user.status),
        last_sign_in: None,
        timeline: None,
        locked,
        login_method: user.login_method,
        sso_configured: admin.workspace.sso_configured(),
        role: user.role.label(),
        roles,
        role_locked,
        may_set_emergency: actor.role == Role::SystemAdministrator
            && (user.is_emergency_account || check_may_be_emergency_account(user).is_ok()),
        groups: group_options(admin, &fields.groups),
        nightly_group: nightly_group(admin, connection.filter(|it| linked && it.syncs_at_night())),
        sent: OpenCredential::of(user, now),
        has_password: user.credential == Credential::Password,
        by_code: check_needs_initial_password(user).is_ok(),
        company_code: admin.workspace.company_code.clone(),
        login_url: admin.workspace.login_url(&app.connections.public_base_url),
        may_invite: may_act.is_ok() && check_needs_invitation(user, now).is_ok(),
        may_issue: may_act.is_ok() && check_needs_initial_password(user).is_ok(),
        may_reset: may_act.is_ok() && check_may_reset_password(user).is_ok(),
        may_sign_out: may_act.is_ok() && user.status == Status::Active,
        may_reset_second_factors: user.status == Status::Active
            && user.login_method == LoginMethod::Password
            && check_may_reset_second_factors(actor, user).is_ok(),
        may_unlink: may_act.is_ok() && linked,
        may_delete: check_may_delete(actor, user).is_ok(),
        crew_id: connection
            .filter(|it| it.syncs_at_night())
            .and_then(|it| user.crew_in(&it.company.tenant_id))
            .map(ToString::to_string),
        opened_in_smarthr: connection
            .and_then(|it| user.crew_in(&it.company.tenant_id))
            .and_then(|it| app.crew_pages.of(connection).address(it.as_str())),
        fields,
    }
}

fn group_options(admin: &PageUser, chosen: &BTreeSet<GroupId>) -> Vec<GroupOption> {
    let groups = admin.workspace.groups.iter();
    groups
        .map(|group| GroupOption {
            id: group.id.to_string(),
            name: group.name.clone(),
            chosen: chosen.contains(&group.id),
        })
        .collect()
}

fn nightly_group(admin: &PageUser, connection: Option<&Connection>) -> Option<String> {
    let id: &GroupId = &connection?.settings.default_group;
    let group = admin.workspace.group(id)?;
    Some(group.name.clone())
}
