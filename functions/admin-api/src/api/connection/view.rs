//! The data of the page 外部サービス連携 → SmartHR.

use axum::Json;
use axum::extract::State;
use domain::{
    Connection, ConnectionState, ImmediateSync, LoginMethodSetting, PasswordCsv, Settings,
    SyncTarget, Workspace,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::Problem;

use crate::api::runs::view::RunView;
use crate::app::App;
use crate::auth::api::SignedInUser;
use crate::connection_sentence::{connection_sentence, state_of};
use crate::openapi::ProblemDocument;

/// The number of runs shown beside the settings.
const LAST_RUNS: i32 = 5;

/// The state of the connection as the API names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = LinkState, description = "Where a link stands.")]
enum StateView {
    NotLinked,
    Linked,
    RelinkNeeded,
    Disconnecting,
}

impl From<ConnectionState> for StateView {
    fn from(state: ConnectionState) -> Self {
        match state {
            ConnectionState::Connected => Self::Linked,
            ConnectionState::ReconnectNeeded => Self::RelinkNeeded,
            ConnectionState::Disconnecting => Self::Disconnecting,
            ConnectionState::Disconnected => Self::NotLinked,
        }
    }
}

/// ユーザー同期設定
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SettingsView {
    /// 有効にする
    pub(crate) enabled: bool,
    /// 同期対象
    pub(crate) target: SyncTarget,
    /// 認証方法
    pub(crate) login_method: LoginMethodSetting,
    /// デフォルトグループ: a group's id
    pub(crate) default_group: String,
    /// Whether the mail about initial passwords has them; `attached` when absent.
    #[serde(default)]
    pub(crate) password_csv: PasswordCsv,
    /// お問い合わせ先 in invitation mails, at most 100 characters; empty for the システム管理者
    #[serde(default)]
    pub(crate) invitation_contact: String,
    /// 会社からのひとこと in invitation mails, at most 100 characters; empty for none
    #[serde(default)]
    pub(crate) invitation_message: String,
    /// 即時反映: whether people whom SmartHR reports as changed are synced within minutes; on when absent
    #[serde(default = "on")]
    pub(crate) immediate: bool,
}

/// Returns the value of a switch that is on when it is absent.
fn on() -> bool {
    true
}

/// A group of the workspace.
#[derive(Serialize, ToSchema)]
struct GroupView {
    id: String,
    name: String,
}

/// The connection and all around it.
#[derive(Serialize, ToSchema)]
#[schema(as = IntegrationView, description = "The link and all around it.")]
pub(crate) struct ConnectionView {
    state: StateView,
    /// 「SmartHR企業アカウント<◯◯>と連携中」, or what there is to say instead.
    message: String,
    /// ◯◯
    company_name: Option<String>,
    /// Another company that an admin connected and nobody confirmed yet.
    pending_company_name: Option<String>,
    /// Absent while nothing is connected.
    settings: Option<SettingsView>,
    /// Absent while nothing is connected.
    immediate_sync: Option<ImmediateSync>,
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
        (status = 200, body = ConnectionView),
        (status = 401, body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn integration(
    State(app): State<App>,
    SignedInUser(signed_in): SignedInUser,
) -> Result<Json<ConnectionView>, Problem> {
    let id = &signed_in.workspace_id;
    let workspace = app.workspace(id).await?;
    let connection = app.store().connection(id).await?;
    let can_manage = signed_in.user.role.may_manage_connection();
    let last_runs = if can_manage {
        app.store().runs(id, None, LAST_RUNS).await?
    } else {
        Vec::new()
    };
    let last_runs = last_runs.iter().map(|run| RunView::of(run, None)).collect();
    let view = view(connection.as_ref(), workspace, can_manage, last_runs);
    Ok(Json(view))
}

fn view(
    connection: Option<&Connection>,
    workspace: Workspace,
    can_manage: bool,
    last_runs: Vec<RunView>,
) -> ConnectionView {
    let current = connection.filter(|connection| connection.is_established());
    let pending = connection.and_then(|connection| connection.pending.as_ref());
    let sso_configured = workspace.sso_configured();
    let groups = workspace.groups.into_iter().map(|group| GroupView {
        id: group.id.to_string(),
        name: group.name,
    });
    ConnectionView {
        state: state_of(connection).into(),
        message: connection_sentence(connection),
        company_name: current.map(|connection| connection.company.name.clone()),
        pending_company_name: pending.map(|company| company.name.clone()),
        settings: current.map(|connection| settings_view(&connection.settings)),
        immediate_sync: current.map(Connection::immediate_sync),
        groups: groups.collect(),
        sso_configured,
        can_manage,
        last_runs,
    }
}

fn settings_view(settings: &Settings) -> SettingsView {
    SettingsView {
        enabled: settings.enabled,
        target: settings.target,
        login_method: settings.login_method,
        default_group: settings.default_group.to_string(),
        password_csv: settings.password_csv,
        invitation_contact: settings
            .invitation_texts
            .contact
            .clone()
            .unwrap_or_default(),
        invitation_message: settings
            .invitation_texts
            .message
            .clone()
            .unwrap_or_default(),
        immediate: settings.immediate,
    }
}
