//! `GET /settings/smarthr`: the link, and ユーザー同期設定.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use domain::Connection;
use domain::{LoginMethodSetting, Settings, SyncTarget};
use web::{Frame, Problem, ProblemPage, html_page, policy_with_forms_to};

use crate::app::App;
use crate::integration_view::{LinkState, message, state_of};
use crate::pages::gate::Visitor;
use crate::pages::notice::After;
use crate::pages::query::Lenient;
use crate::pages::run_line::RunLine;
use crate::pages::save_settings;
use crate::runs::has_unanswered;

/// Its address.
pub(crate) const PATH: &str = "/settings/smarthr";

/// Another company that waits for an answer.
struct Pending {
    linked_name: String,
    new_name: String,
}

/// What the form shows as chosen.
struct Chosen {
    enabled: bool,
    target: &'static str,
    login_method: &'static str,
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
    message: String,
    state: LinkState,
    pending: Option<Pending>,
    chosen: Option<Chosen>,
    groups: Vec<GroupOption>,
    sso_configured: bool,
    last_run: Option<RunLine>,
}

#[derive(Template)]
#[template(path = "smarthr_readonly.html")]
struct ReadOnly {
    frame: Frame,
    message: String,
    /// 有効にする, 同期対象, 認証方法 and デフォルトグループ, in words.
    settings: Vec<(&'static str, String)>,
}

/// `/settings/smarthr`
pub(crate) fn routes() -> Router<App> {
    Router::new().route(PATH, get(show).post(save_settings::submit))
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Lenient(after): Lenient<After>,
) -> Result<Response, ProblemPage> {
    let link = app.store().connection(visitor.workspace_id()).await?;
    if !visitor.may_manage() {
        return Ok(read_only(&visitor, link.as_ref()));
    }
    let frame = visitor.frame(PATH).with_notice(after.notice());
    page(&app, &visitor, link, frame, StatusCode::OK).await
}

/// The page again, with the reason why something could not be done. What was `entered` is kept.
pub(crate) async fn again(
    app: &App,
    visitor: &Visitor,
    entered: Option<Settings>,
    problem: Problem,
) -> Result<Response, ProblemPage> {
    let mut link = app.store().connection(visitor.workspace_id()).await?;
    if let (Some(link), Some(entered)) = (&mut link, entered) {
        link.settings = entered;
    }
    let frame = visitor.frame(PATH).with_error(problem.detail);
    page(app, visitor, link, frame, problem.status).await
}

async fn page(
    app: &App,
    visitor: &Visitor,
    link: Option<Connection>,
    frame: Frame,
    status: StatusCode,
) -> Result<Response, ProblemPage> {
    let id = visitor.workspace_id();
    let state = state_of(link.as_ref());
    let linked = link
        .as_ref()
        .filter(|_| matches!(state, LinkState::Linked | LinkState::RelinkNeeded));
    let newest = app.store().newest_run(id).await?;
    let gate = app.store().seats_and_lease(id).await?;
    let last_run = newest.map(|run| {
        let waiting = has_unanswered(&run, link.as_ref());
        RunLine {
            // What is filled in on this page is not to be loaded away.
            refresh: false,
            ..RunLine::of(&run, &gate, waiting, app.now())
        }
    });
    let pending = link.as_ref().and_then(|link| {
        Some(Pending {
            linked_name: link.company.name.clone(),
            new_name: link.pending.as_ref()?.name.clone(),
        })
    });
    let page = Page {
        frame,
        message: message(state, linked),
        state,
        pending,
        chosen: linked.map(|link| chosen(&link.settings)),
        groups: groups(visitor, linked),
        sso_configured: visitor.workspace.sso_configured,
        last_run,
    };
    let targets = consent_pages(&app.connections.smarthr.oauth_origin());
    let policy = [(
        header::CONTENT_SECURITY_POLICY,
        policy_with_forms_to(&targets),
    )];
    Ok((policy, html_page(status, &page)).into_response())
}

/// Where [連携する] may lead to. SmartHR may send people on to the address of their own company.
fn consent_pages(origin: &str) -> String {
    let parent = origin
        .strip_prefix("https://")
        .and_then(|host| host.split_once('.'))
        .map(|(_, parent)| parent)
        .filter(|parent| parent.contains('.'));
    match parent {
        Some(parent) => format!("{origin} https://*.{parent}"),
        None => origin.to_owned(),
    }
}

fn chosen(settings: &Settings) -> Chosen {
    Chosen {
        enabled: settings.enabled,
        target: match settings.target {
            SyncTarget::Everyone => "everyone",
            SyncTarget::EveryoneAndCodeOnly => "everyone_and_code_only",
            SyncTarget::Chosen => "chosen",
        },
        login_method: match settings.login_method {
            LoginMethodSetting::Password => "password",
            LoginMethodSetting::Sso => "sso",
            LoginMethodSetting::Individual => "individual",
        },
    }
}

fn groups(visitor: &Visitor, linked: Option<&Connection>) -> Vec<GroupOption> {
    let groups = visitor.workspace.groups.iter();
    let mut options: Vec<GroupOption> = groups
        .map(|group| GroupOption {
            id: group.id.to_string(),
            name: group.name.clone(),
            selected: linked.is_some_and(|link| link.settings.default_group == group.id),
        })
        .collect();
    // A group can be gone by now; browsers would silently show another one as chosen.
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

/// For those who may not manage: 403, and what they may know.
fn read_only(visitor: &Visitor, link: Option<&Connection>) -> Response {
    let state = state_of(link);
    let linked = link.filter(|_| matches!(state, LinkState::Linked | LinkState::RelinkNeeded));
    let page = ReadOnly {
        frame: visitor.frame(PATH),
        message: message(state, linked),
        settings: linked.map_or_else(Vec::new, |link| in_words(visitor, &link.settings)),
    };
    html_page(StatusCode::FORBIDDEN, &page)
}

fn in_words(visitor: &Visitor, settings: &Settings) -> Vec<(&'static str, String)> {
    let groups = &visitor.workspace.groups;
    let group = groups.iter().find(|it| it.id == settings.default_group);
    let enabled = if settings.enabled { "有効" } else { "無効" };
    let target = match settings.target {
        SyncTarget::Everyone => "全てのユーザー",
        SyncTarget::EveryoneAndCodeOnly => "全てのユーザー(従業員コードのみのユーザーも同期する)",
        SyncTarget::Chosen => "特定のユーザー",
    };
    let login_method = match settings.login_method {
        LoginMethodSetting::Password => "パスワード",
        LoginMethodSetting::Sso => "SSO",
        LoginMethodSetting::Individual => "個別設定",
    };
    vec![
        ("ユーザー同期", enabled.to_owned()),
        ("同期対象", target.to_owned()),
        ("認証方法", login_method.to_owned()),
        (
            "デフォルトグループ",
            group.map_or_else(String::new, |group| group.name.clone()),
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_may_lead_to_smarthr_and_nowhere_else() {
        assert_eq!(
            consent_pages("https://app.smarthr.jp"),
            "https://app.smarthr.jp https://*.smarthr.jp"
        );
        for plain in ["https://smarthr.jp", "http://127.0.0.1:4000"] {
            assert_eq!(consent_pages(plain), plain);
        }
    }
}
