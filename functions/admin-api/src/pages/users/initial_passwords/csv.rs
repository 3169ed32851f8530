//! The CSV with initial passwords, as it is mailed.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use domain::AuditAction;
use mail::{InitialPasswordRow, initial_passwords_csv, initial_passwords_file};
use web::{Problem, ProblemPage};

use super::open;
use crate::app::App;
use crate::auth::page::PageAdmin;
use crate::input::Id;

pub(super) async fn download(
    State(app): State<App>,
    PageAdmin(admin): PageAdmin,
    id: Result<Id, Problem>,
) -> Result<Response, ProblemPage> {
    let action = AuditAction::InitialPasswordsDownloaded;
    let (issue, passwords) = open(&app, &admin.signed_in, id, action).await?;
    let login_url = admin.workspace.login_url(&app.connections.public_base_url);
    let rows = passwords.into_iter().map(|issued| InitialPasswordRow {
        name: issued.name,
        employee_code: issued.employee_code,
        password: issued.password,
        valid_until: issued.valid_until,
        login_url: login_url.clone(),
    });
    let rows: Vec<InitialPasswordRow> = rows.collect();
    let file = initial_passwords_csv(&admin.workspace.company_code, &rows).map_err(|error| {
        tracing::error!(%error, "the initial passwords were not written as CSV");
        Problem::internal()
    })?;
    let name = initial_passwords_file(issue.issued_at, "");
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ),
    ];
    Ok((headers, file).into_response())
}
