//! Initial passwords issued to many at once; and those of the last seven days, with their cards and their CSV, which
//! only システム管理者 see, who get the CSV by mail.

mod cards;
mod csv;
mod issue;
mod list;

use accounts::IssuedPassword;
use axum::Router;
use axum::routing::{get, post};
use domain::{AuditAction, AuditEvent, IssuedBy, PasswordIssue, RunId};
use web::{Problem, SignedIn, check_confirmed};

use crate::api::users::problem::problem;
use crate::app::App;
use crate::auth::require_system_administrator;
use crate::input::Id;

pub(in crate::pages) use list::IssueLine;

/// The path of the list.
pub(in crate::pages) const PATH: &str = "/users/initial-passwords";

/// Returns the routes of the list, of the cards and of the CSV.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route(PATH, get(list::show).post(issue::submit))
        .route("/users/initial-passwords/confirm", post(issue::ask))
        .route("/users/initial-passwords/{id}/cards", get(cards::show))
        .route("/users/initial-passwords/{id}/csv", get(csv::download))
}

/// Returns an issue and its passwords, once the audit trail says who opens them.
///
/// # Errors
/// The 403 for everybody but a システム管理者 who proved who they are within the last 10 minutes; the 404 for an
/// unknown issue, and for one whose passwords can no longer be made.
async fn open(
    app: &App,
    admin: &SignedIn,
    id: Result<Id, Problem>,
    action: AuditAction,
) -> Result<(PasswordIssue, Vec<IssuedPassword>), Problem> {
    require_system_administrator(admin)?;
    check_confirmed(&admin.session, app.now())?;
    let (Id(id), workspace_id) = (id?, &admin.workspace_id);
    let issue = app.store().password_issue(workspace_id, &id, app.now());
    let issue = issue.await?.ok_or_else(|| {
        Problem::not_found(
            "指定された初期パスワードは存在しないか、表示できる期間(7日間)を過ぎています。必要な場合は、ユーザー管理から再発行してください。",
        )
    })?;
    let mut event = AuditEvent::new(&admin.author(), action, app.now());
    if issue.issued_by == IssuedBy::Run {
        event = event.about_run(&RunId::new(&*issue.issue_id));
    }
    app.store().record_audit_event(workspace_id, &event).await?;
    let passwords = app.accounts(admin).issued_passwords(&issue).await;
    Ok((issue, passwords.map_err(problem)?))
}
