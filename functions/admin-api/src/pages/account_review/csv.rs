//! The CSV of all accounts. The audit trail says who downloads it.

use std::collections::HashMap;

use accounts::{RosterEntry, is_linked};
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use domain::time::compact_date;
use domain::{AuditAction, AuditEvent, Run, User, UserId};
use mail::{ReviewedUser, account_review_csv};
use serde::Deserialize;
use web::{Problem, ProblemPage};

use super::employment::employment;
use crate::api::runs::log_rows::LogRow;
use crate::api::runs::people::everybody;
use crate::app::App;
use crate::auth::page::{PageAdmin, PageUser};
use crate::pages::query::Lenient;
use crate::pages::runs::failures::LOOKED_THROUGH;
use crate::pages::users::Rows;

/// The most accounts in a file: the answer of a function has at most 6 MB.
pub(super) const FILE_SIZE: usize = 15_000;

/// Which file, from 1.
#[derive(Default, Deserialize)]
pub(super) struct FileQuery {
    #[serde(default)]
    file: Option<usize>,
}

pub(super) async fn download(
    State(app): State<App>,
    PageAdmin(admin): PageAdmin,
    Lenient(query): Lenient<FileQuery>,
) -> Result<Response, ProblemPage> {
    let (id, now) = (admin.workspace_id(), app.now());
    let roster = app.roster(id).await?;
    let file = query.file.unwrap_or(1).max(1);
    let of_log = rows_of_last_run(&app, &admin).await?;
    let author = admin.signed_in.author();
    let event = AuditEvent::new(&author, AuditAction::AccountReviewDownloaded, now);
    app.store().record_audit_event(id, &event).await?;
    let connection = admin.connection_to_show();
    let rows = Rows::new(&admin.signed_in.user, &admin.workspace, connection, now);
    let entries = roster.entries().iter();
    let names = entries
        .map(|it| (&it.user.user_id, it.user.name.as_str()))
        .collect();
    let reviewed = |entry: &RosterEntry| {
        let user = &entry.user;
        let linked = is_linked(user, connection);
        ReviewedUser {
            user: rows.user_row(entry),
            employment: employment(linked, of_log.get(user.user_id.as_str())),
            added_by: added_by(user, &names),
        }
    };
    let entries = roster
        .entries()
        .iter()
        .skip((file - 1).saturating_mul(FILE_SIZE));
    let rows = entries.take(FILE_SIZE).map(reviewed);
    let csv = account_review_csv(rows).map_err(|error| {
        tracing::error!(%error, "the accounts were not written as CSV");
        Problem::internal()
    })?;
    let name = format!(
        "attachment; filename=\"account-review-{}-{file}.csv\"",
        compact_date(now)
    );
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, name),
    ];
    Ok((headers, csv).into_response())
}

/// Returns the rows of the newest run that looked at everybody, by user id.
async fn rows_of_last_run(app: &App, admin: &PageUser) -> Result<HashMap<String, LogRow>, Problem> {
    let runs = app
        .store()
        .runs(admin.workspace_id(), None, LOOKED_THROUGH)
        .await?;
    let Some(run) = runs.into_iter().find(Run::looked_at_everybody) else {
        return Ok(HashMap::new());
    };
    let rows = everybody(app, &run).await?.into_iter();
    Ok(rows.map(|row| (row.user_id.clone(), row)).collect())
}

/// Returns who added an account: the sync, or somebody in KiteRa. `names` are those of the present users.
fn added_by(user: &User, names: &HashMap<&UserId, &str>) -> String {
    if let Some(admin) = &user.added_by {
        return (*names.get(admin).unwrap_or(&"削除されたユーザー")).to_owned();
    }
    let is_synced = user.crew_link.is_some() || user.synced_group.is_some();
    let by = if is_synced { "SmartHR連携" } else { "KiteRa" };
    by.to_owned()
}
