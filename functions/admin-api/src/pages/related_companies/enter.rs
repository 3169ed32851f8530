//! [関連企業]: the workspaces that somebody may enter from their own, which is the parent company's.

use askama::Template;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use domain::{AuditAction, AuditEvent, Author, WorkspaceId};
use web::{
    Frame, Problem, ProblemPage, RelatedCompanyAccess, entering, html_page, renew_recorded_session,
};

use super::ENTER;
use crate::app::App;
use crate::auth::page::{PageUser, UserForm};
use crate::input::Id;

/// What is said to those who need a second factor first.
const NEEDS_SECOND_FACTOR: &str = "このワークスペースでは、管理者に二段階認証が必要です。[アカウント]で二段階認証を設定し、ログインし直してから、もう一度お試しください。";

#[derive(Template)]
#[template(path = "related_companies_enter.html")]
struct Page {
    frame: Frame,
    rows: Vec<Row>,
}

struct Row {
    id: String,
    name: String,
    role: &'static str,
    /// Why the workspace cannot be entered yet; `None` if it can.
    stays_out_because: Option<&'static str>,
}

pub(super) async fn show(State(app): State<App>, user: PageUser) -> Result<Response, ProblemPage> {
    let mut rows = Vec::new();
    for id in children(&user) {
        let row = match RelatedCompanyAccess::of(app.store(), &user.signed_in, id).await? {
            RelatedCompanyAccess::Allowed { user, workspace } => Row {
                id: id.to_string(),
                name: workspace.name,
                role: user.role.label(),
                stays_out_because: None,
            },
            RelatedCompanyAccess::NeedsSecondFactor { user, workspace } => Row {
                id: id.to_string(),
                name: workspace.name,
                role: user.role.label(),
                stays_out_because: Some(NEEDS_SECOND_FACTOR),
            },
            RelatedCompanyAccess::Refused => continue,
        };
        rows.push(row);
    }
    let frame = user.frame(ENTER);
    Ok(html_page(StatusCode::OK, &Page { frame, rows }))
}

/// Returns the workspaces whose parent company's the user's own is.
fn children(user: &PageUser) -> &[WorkspaceId] {
    if user.signed_in.has_entered() {
        return &[];
    }
    &user.workspace.child_workspace_ids
}

/// Enters a workspace: the session acts in it from then on, as its 操作履歴 says.
pub(super) async fn enter(
    State(app): State<App>,
    id: Result<Id, Problem>,
    UserForm(user): UserForm,
) -> Result<Response, ProblemPage> {
    let Id(id) = id?;
    let id = WorkspaceId::new(id);
    let entry = if children(&user).contains(&id) {
        RelatedCompanyAccess::of(app.store(), &user.signed_in, &id).await?
    } else {
        RelatedCompanyAccess::Refused
    };
    let entered = match entry {
        RelatedCompanyAccess::Allowed { workspace, .. } => workspace,
        RelatedCompanyAccess::NeedsSecondFactor { .. } => {
            let code = "second_factor_must_be_set_up";
            let problem = Problem::new(StatusCode::FORBIDDEN, code, NEEDS_SECOND_FACTOR);
            return Err(problem.into());
        }
        // The same for a workspace that does not exist.
        RelatedCompanyAccess::Refused => {
            return Err(Problem::not_found("アクセスできるワークスペースではありません。").into());
        }
    };
    let (signed_in, now) = (&user.signed_in, app.now());
    let author = Author {
        home: Some(signed_in.workspace_id.clone()),
        ..signed_in.author()
    };
    let event = AuditEvent::new(&author, AuditAction::RelatedCompanyUserEntered, now);
    tracing::info!(workspace_id = %id, home = %signed_in.workspace_id, user_id = %signed_in.user.user_id, "entered");
    let session = entering(signed_in.session.clone(), &user.workspace, &entered);
    let (hash, random) = (&signed_in.token_hash, &app.connections.random);
    let renewed = renew_recorded_session(app.store(), hash, session, &event, random, now);
    let cookie = [(header::SET_COOKIE, renewed.await?.set_cookie)];
    Ok((cookie, Redirect::to("/")).into_response())
}
