//! The page ワークスペース設定 → 関連企業管理. A 管理者, whom the warning of a run leads here, sees it without the
//! buttons.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::{RelatedCompanyRole, RelatedCompanyUser, Role, Workspace, parse_related_address};
use serde::Deserialize;
use web::{Frame, Problem, ProblemPage, RELATED_COMPANIES, html_page};

use crate::api::related_companies::{parent, problem, save};
use crate::app::App;
use crate::auth::page::{ConfirmedForm, PageAdmin, PageUser};
use crate::auth::require_system_administrator;
use crate::pages::notice::{Notice, NoticeQuery};
use crate::pages::query::Lenient;
use crate::pages::wire_names::{value_of, wire_name};

#[derive(Template)]
#[template(path = "related_companies.html")]
struct Page {
    frame: Frame,
    /// The parent company: its name and 企業コード; `None` if the contract names none.
    parent: Option<(String, String)>,
    rows: Vec<Row>,
    roles: Vec<RoleOption>,
    /// The address in the form, as typed.
    email: String,
}

struct Row {
    email: String,
    role: &'static str,
}

struct RoleOption {
    wire_name: String,
    label: &'static str,
    chosen: bool,
}

/// Whom to let in, as typed.
#[derive(Default, Deserialize)]
pub(super) struct AddForm {
    #[serde(default)]
    email: String,
    #[serde(default)]
    role: String,
}

/// Whom not to let in any more.
#[derive(Deserialize)]
pub(super) struct RemoveForm {
    #[serde(default)]
    email: String,
}

pub(super) async fn show(
    State(app): State<App>,
    PageAdmin(admin): PageAdmin,
    Lenient(query): Lenient<NoticeQuery>,
) -> Result<Response, ProblemPage> {
    let frame = admin.frame(RELATED_COMPANIES).with_notice(query.notice());
    page(&app, &admin, frame, AddForm::default(), StatusCode::OK).await
}

/// Adds somebody of the parent company who may enter, or changes the role of somebody who already may.
pub(super) async fn add(
    State(app): State<App>,
    ConfirmedForm(form): ConfirmedForm<AddForm>,
) -> Result<Response, ProblemPage> {
    let (admin, typed) = (form.admin, form.fields);
    require_system_administrator(&admin.signed_in)?;
    match added(&app, &admin, &typed).await {
        Ok(()) => Ok(Notice::RelatedCompanyUserAdded
            .at(RELATED_COMPANIES)
            .into_response()),
        Err(problem) if problem.status.is_client_error() => {
            let frame = admin.frame(RELATED_COMPANIES).with_error(&problem.detail);
            page(&app, &admin, frame, typed, problem.status).await
        }
        Err(problem) => Err(problem.into()),
    }
}

async fn added(app: &App, admin: &PageUser, typed: &AddForm) -> Result<(), Problem> {
    let email = parse_related_address(&typed.email).map_err(|error| problem(&error))?;
    let role: Option<RelatedCompanyRole> = value_of(&typed.role);
    let role = role.ok_or_else(|| {
        Problem::bad_request("invalid_role", "役割は、一覧から選択してください。")
    })?;
    let mut users = admin.workspace.related_company_users.clone();
    users.push(RelatedCompanyUser { email, role });
    save(app, &admin.signed_in, &admin.workspace, users).await
}

/// [ユーザーを削除]: the person cannot enter any more, and who has entered is out.
pub(super) async fn remove(
    State(app): State<App>,
    ConfirmedForm(form): ConfirmedForm<RemoveForm>,
) -> Result<Response, ProblemPage> {
    let (admin, email) = (form.admin, form.fields.email);
    require_system_administrator(&admin.signed_in)?;
    let email = parse_related_address(&email).map_err(|error| problem(&error))?;
    let mut users = admin.workspace.related_company_users.clone();
    users.retain(|user| user.email.key() != email.key());
    save(&app, &admin.signed_in, &admin.workspace, users).await?;
    let notice = Notice::RelatedCompanyUserRemoved;
    Ok(notice.at(RELATED_COMPANIES).into_response())
}

async fn page(
    app: &App,
    admin: &PageUser,
    frame: Frame,
    typed: AddForm,
    status: StatusCode,
) -> Result<Response, ProblemPage> {
    let workspace: &Workspace = &admin.workspace;
    let parent = parent(app, workspace).await?;
    let row = |user: &RelatedCompanyUser| Row {
        email: user.email.to_string(),
        role: Role::from(user.role).label(),
    };
    let role = |role: RelatedCompanyRole| RoleOption {
        wire_name: wire_name(role),
        label: Role::from(role).label(),
        chosen: wire_name(role) == typed.role,
    };
    let page = Page {
        frame,
        parent: parent.map(|parent| (parent.name, parent.company_code)),
        rows: workspace.related_company_users.iter().map(row).collect(),
        roles: RelatedCompanyRole::ALL.into_iter().map(role).collect(),
        email: typed.email,
    };
    Ok(html_page(status, &page))
}
