//! `GET /users/initial-passwords`: what was issued in the last seven days.

use accounts::is_mailed_passwords;
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::time::date_and_time;
use domain::{IssuedBy, PasswordIssue};
use web::{Frame, ProblemPage, html_page};

use super::super::HERE;
use crate::app::App;
use crate::auth::page::PageAdmin;
use crate::auth::require_system_administrator;

#[derive(Template)]
#[template(path = "initial_passwords.html")]
struct Page {
    frame: Frame,
    issues: Vec<IssueLine>,
    /// Whether the mails about them wait, because no システム管理者 has an address.
    nobody_is_mailed: bool,
}

/// An issue in the terms of the screen.
pub(in crate::pages) struct IssueLine {
    pub(in crate::pages) id: String,
    by_run: bool,
    issued_at: String,
    pub(in crate::pages) people: usize,
    pub(in crate::pages) kept_until: String,
    /// Why the mail about them did not arrive; `None` as far as it is known to have arrived.
    pub(in crate::pages) bounced: Option<String>,
}

impl From<PasswordIssue> for IssueLine {
    fn from(issue: PasswordIssue) -> Self {
        Self {
            by_run: issue.issued_by == IssuedBy::Run,
            issued_at: date_and_time(issue.issued_at),
            people: issue.people,
            kept_until: date_and_time(issue.kept_until),
            bounced: issue.bounced,
            id: issue.issue_id,
        }
    }
}

pub(super) async fn show(
    State(app): State<App>,
    PageAdmin(admin): PageAdmin,
) -> Result<Response, ProblemPage> {
    require_system_administrator(&admin.signed_in)?;
    let issues = app
        .store()
        .password_issues(admin.workspace_id(), app.now())
        .await?;
    let admins = app.store().admins(admin.workspace_id()).await?;
    let page = Page {
        frame: admin.frame(HERE),
        nobody_is_mailed: !admins.iter().any(is_mailed_passwords),
        issues: issues.into_iter().map(IssueLine::from).collect(),
    };
    Ok(html_page(StatusCode::OK, &page))
}
