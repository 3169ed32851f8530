//! `GET /settings/smarthr`: the connection, and ユーザー同期設定.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::{Connection, ConnectionState, ImmediateSync, PasswordCsv, Settings};
use web::{Frame, Problem, ProblemPage, html_page};

use super::PATH;
use crate::app::App;
use crate::auth::page::PageUser;
use crate::auth::require_system_administrator;
use crate::connection_sentence::{connection_sentence, state_of};
use crate::pages::notice::NoticeQuery;
use crate::pages::query::Lenient;
use crate::pages::sync_status::SyncStatus;
use crate::pages::to_do::Action;
use crate::pages::wire_names::wire_name;

/// A pending company, which an admin has to confirm or refuse.
struct Pending {
    current_name: String,
    new_name: String,
    /// Whether the admin may switch: a システム管理者.
    may_switch: bool,
}

/// The choices that the form shows as selected.
struct Chosen {
    enabled: bool,
    target: String,
    login_method: String,
    password_csv: PasswordCsv,
    invitation_contact: String,
    invitation_message: String,
    immediate: bool,
}

struct GroupOption {
    id: String,
    name: String,
    selected: bool,
}

#[derive(Template)]
#[template(path = "smarthr.html")]
struct Page {
    frame: Frame,
    status: SyncStatus,
    state: ConnectionState,
    pending: Option<Pending>,
    chosen: Option<Chosen>,
    /// Where 即時反映 stands; `None` while nothing is connected.
    immediate_sync: Option<ImmediateSync>,
    groups: Vec<GroupOption>,
    sso_configured: bool,
}

#[derive(Template)]
#[template(path = "smarthr_readonly.html")]
struct ReadOnly {
    frame: Frame,
    message: String,
    /// The labels and values of 有効にする, 同期対象, 認証方法, デフォルトグループ and 即時反映.
    settings: Vec<(&'static str, String)>,
}

pub(super) async fn show(
    State(app): State<App>,
    user: PageUser,
    Lenient(query): Lenient<NoticeQuery>,
) -> Result<Response, ProblemPage> {
    let connection = user.connection()?;
    if !user.is_admin() {
        return Ok(read_only(&user, connection));
    }
    let frame = user.frame(PATH).with_notice(query.notice());
    page(
        &app,
        &user,
        (connection.cloned(), None),
        frame,
        StatusCode::OK,
    )
    .await
}

/// Shows the page again with the reason why an action failed. The form keeps the values in `entered`.
pub(crate) async fn again(
    app: &App,
    admin: &PageUser,
    entered: Option<Settings>,
    problem: Problem,
) -> Result<Response, ProblemPage> {
    let connection = app.store().connection(admin.workspace_id()).await?;
    let frame = admin.frame(PATH).with_error(problem.detail);
    page(app, admin, (connection, entered), frame, problem.status).await
}

async fn page(
    app: &App,
    admin: &PageUser,
    (connection, entered): (Option<Connection>, Option<Settings>),
    frame: Frame,
    status: StatusCode,
) -> Result<Response, ProblemPage> {
    let connection = connection.as_ref();
    let current = connection.filter(|connection| connection.is_established());
    let settings = entered
        .as_ref()
        .or(current.map(|connection| &connection.settings));
    let settings = settings.filter(|_| current.is_some());
    let pending = connection.and_then(|connection| {
        Some(Pending {
            current_name: connection.company.name.clone(),
            new_name: connection.pending.as_ref()?.name.clone(),
            may_switch: require_system_administrator(&admin.signed_in).is_ok(),
        })
    });
    let page = Page {
        frame: frame.without_banners(),
        status: SyncStatus::read(app, admin, connection).await?,
        state: state_of(connection),
        pending,
        chosen: settings.map(chosen),
        immediate_sync: current.map(Connection::immediate_sync),
        groups: groups(admin, settings),
        sso_configured: admin.workspace.sso_configured(),
    };
    Ok(html_page(status, &page))
}

fn chosen(settings: &Settings) -> Chosen {
    let texts = &settings.invitation_texts;
    Chosen {
        enabled: settings.enabled,
        target: wire_name(settings.target),
        login_method: wire_name(settings.login_method),
        password_csv: settings.password_csv,
        invitation_contact: texts.contact.clone().unwrap_or_default(),
        invitation_message: texts.message.clone().unwrap_or_default(),
        immediate: settings.immediate,
    }
}

fn groups(admin: &PageUser, settings: Option<&Settings>) -> Vec<GroupOption> {
    let default_group = settings.map(|settings| &settings.default_group);
    let groups = admin.workspace.groups.iter();
    let mut options: Vec<GroupOption> = groups
        .map(|group| GroupOption {
            id: group.id.to_string(),
            name: group.name.clone(),
            selected: default_group == Some(&group.id),
        })
        .collect();
    // The group may have been deleted; browsers would then silently show another one as selected.
    if !options.iter().any(|option| option.selected) {
        let none = GroupOption {
            id: String::new(),
            name: "選択してください".into(),
            selected: true,
        };
        options.insert(0, none);
    }
    options
}

/// Returns the 403 page for users who may not manage the connection, with what they may know.
fn read_only(user: &PageUser, connection: Option<&Connection>) -> Response {
    let current = connection.filter(|connection| connection.is_established());
    let page = ReadOnly {
        frame: user.frame(PATH),
        message: connection_sentence(connection),
        settings: current.map_or_else(Vec::new, |connection| in_words(user, &connection.settings)),
    };
    html_page(StatusCode::FORBIDDEN, &page)
}

/// Returns the labels and values of 有効にする, 同期対象, 認証方法, デフォルトグループ and 即時反映.
pub(crate) fn in_words(user: &PageUser, settings: &Settings) -> Vec<(&'static str, String)> {
    let group = user.workspace.group(&settings.default_group);
    let switch = |is_on| if is_on { "有効" } else { "無効" }.to_owned();
    vec![
        ("ユーザー同期", switch(settings.enabled)),
        ("同期対象", settings.target.label().to_owned()),
        ("認証方法", settings.login_method.label().to_owned()),
        (
            "デフォルトグループ",
            group.map_or_else(String::new, |group| group.name.clone()),
        ),
        ("即時反映", switch(settings.immediate)),
    ]
}
