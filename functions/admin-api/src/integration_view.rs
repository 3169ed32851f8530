//! What the page 外部サービス連携 → SmartHR shows.

use axum::Json;
use axum::extract::State;
use domain::{Connection, ConnectionState};
use domain::{LoginMethodSetting, Settings, SyncTarget, Workspace};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::Problem;

use crate::app::App;
use crate::gate::Member;
use crate::openapi::ProblemDocument;
use crate::run_view::RunView;
use crate::words::{LoginMethodSettingWord, TargetWord};

/// How many runs are shown beside the settings.
const LAST_RUNS: i32 = 5;

/// Where a link stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum LinkState {
    /// Nothing is linked.
    NotLinked,
    /// 連携中
    Linked,
    /// 再連携が必要です
    RelinkNeeded,
    /// Not linked any more; our items in SmartHR are still to be deleted there.
    Disconnecting,
}

/// ユーザー同期設定
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SettingsView {
    /// 有効にする
    pub(crate) enabled: bool,
    /// 同期対象
    #[schema(value_type = TargetWord)]
    pub(crate) target: SyncTarget,
    /// 認証方法
    #[schema(value_type = LoginMethodSettingWord)]
    pub(crate) login_method: LoginMethodSetting,
    /// デフォルトグループ: a group's id
    pub(crate) default_group: String,
}

/// A group of the workspace.
#[derive(Serialize, ToSchema)]
struct GroupView {
    id: String,
    name: String,
}

/// The link and all around it.
#[derive(Serialize, ToSchema)]
pub(crate) struct IntegrationView {
    state: LinkState,
    /// 「SmartHR企業アカウント<◯◯>と連携中」, or what there is to say instead.
    message: String,
    /// ◯◯
    company_name: Option<String>,
    /// Another company that an admin linked and nobody confirmed yet.
    pending_company_name: Option<String>,
    /// Absent while nothing is linked.
    settings: Option<SettingsView>,
    groups: Vec<GroupView>,
    /// Whether SSO and 個別設定 can be chosen.
    sso_configured: bool,
    /// Whether the page shows its buttons.
    can_manage: bool,
    /// Newest first; empty for those who may not manage.
    last_runs: Vec<RunView>,
}

/// Shows the link. Everybody who is signed in may look; those who may not manage see no runs.
#[utoipa::path(
    get, path = "/api/v1/integration", tag = "integration",
    responses(
        (status = 200, body = IntegrationView),
        (status = 401, body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn integration(
    State(app): State<App>,
    Member(signed_in): Member,
) -> Result<Json<IntegrationView>, Problem> {
    let id = &signed_in.workspace_id;
    let workspace = app.workspace(id).await?;
    let link = app.store().connection(id).await?;
    let can_manage = signed_in.user.role.may_manage_integration();
    let last_runs = if can_manage {
        app.store().runs(id, None, LAST_RUNS).await?
    } else {
        Vec::new()
    };
    let last_runs = last_runs.iter().map(RunView::of).collect();
    Ok(Json(view(link.as_ref(), workspace, can_manage, last_runs)))
}

fn view(
    link: Option<&Connection>,
    workspace: Workspace,
    can_manage: bool,
    last_runs: Vec<RunView>,
) -> IntegrationView {
    let state = state_of(link);
    let linked = link.filter(|_| matches!(state, LinkState::Linked | LinkState::RelinkNeeded));
    IntegrationView {
        state,
        message: message(state, linked),
        company_name: linked.map(|link| link.company.name.clone()),
        pending_company_name: link
            .and_then(|link| link.pending.as_ref())
            .map(|pending| pending.name.clone()),
        settings: linked.map(|link| settings_view(&link.settings)),
        groups: workspace
            .groups
            .into_iter()
            .map(|group| GroupView {
                id: group.id.to_string(),
                name: group.name,
            })
            .collect(),
        sso_configured: workspace.sso_configured,
        can_manage,
        last_runs,
    }
}

/// Where a workspace's link stands.
pub(crate) fn state_of(link: Option<&Connection>) -> LinkState {
    match link.map(|link| link.state) {
        None | Some(ConnectionState::Disconnected) => LinkState::NotLinked,
        Some(ConnectionState::Connected) => LinkState::Linked,
        Some(ConnectionState::ReconnectNeeded) => LinkState::RelinkNeeded,
        Some(ConnectionState::Disconnecting) => LinkState::Disconnecting,
    }
}

/// What there is to say about a link; `linked` is the one that counts.
pub(crate) fn message(state: LinkState, linked: Option<&Connection>) -> String {
    let company = linked.map_or("", |link| link.company.name.as_str());
    match state {
        LinkState::NotLinked => "SmartHRと連携されていません".into(),
        LinkState::Linked => format!("SmartHR企業アカウント<{company}>と連携中"),
        LinkState::RelinkNeeded => {
            format!("SmartHR企業アカウント<{company}>との再連携が必要です")
        }
        LinkState::Disconnecting => {
            "連携を解除しました(SmartHRに作成した項目は、後ほど自動的に削除されます)".into()
        }
    }
}

fn settings_view(settings: &Settings) -> SettingsView {
    SettingsView {
        enabled: settings.enabled,
        target: settings.target,
        login_method: settings.login_method,
        default_group: settings.default_group.to_string(),
    }
}
