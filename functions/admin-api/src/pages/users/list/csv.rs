//! [CSVをダウンロード]: the users whom the list shows, on all of its pages. The audit trail says who downloads it.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use domain::time::compact_date;
use domain::{AuditAction, AuditEvent};
use mail::users_csv;
use web::{Problem, ProblemPage};

use super::found;
use super::query::ListQuery;
use super::row::Rows;
use crate::app::App;
use crate::auth::page::PageAdmin;
use crate::pages::query::Lenient;

/// The most people in a file: the answer of a function has at most 6 MB.
const MOST: usize = 15_000;

pub(in crate::pages::users) async fn download(
    State(app): State<App>,
    PageAdmin(admin): PageAdmin,
    Lenient(query): Lenient<ListQuery>,
) -> Result<Response, ProblemPage> {
    let (id, now) = (admin.workspace_id(), app.now());
    let roster = app.roster(id).await?;
    let connection = admin.connection_to_show();
    let found = found(&roster, &query, connection, now);
    if found.len() > MOST {
        return Err(ProblemPage(Problem::bad_request(
            "too_many_users",
            "一度にダウンロードできるのは15,000名までです。絞り込んでからダウンロードしてください。",
        )));
    }
    let author = admin.signed_in.author();
    let event = AuditEvent::new(&author, AuditAction::UserListDownloaded, now);
    app.store().record_audit_event(id, &event).await?;
    let rows = Rows::new(&admin.signed_in.user, &admin.workspace, connection, now);
    let rows = found.into_iter().map(|entry| rows.user_row(entry));
    let file = users_csv(rows).map_err(|error| {
        tracing::error!(%error, "the users were not written as CSV");
        Problem::internal()
    })?;
    let name = format!("attachment; filename=\"users-{}.csv\"", compact_date(now));
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, name),
    ];
    Ok((headers, file).into_response())
}
