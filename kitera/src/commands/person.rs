//! `kitera person`

use std::fmt::Write;

use clap::Args;
use domain::{EmailAddress, EmployeeCode, Run, User, WorkspaceId};
use futures_util::{StreamExt, stream};
use serde::Serialize;
use storage::sync_logs::SyncLogs;
use storage::{Store, StoreError};

use crate::error::KiteraError;
use crate::output::Output;
use crate::person_lines::{PersonLine, is_theirs, lines_of_log, table_of};
use crate::stack::Stack;
use crate::workspace_ref::id_of;

/// How many logs are read at the same time: 400 nights of a thousand people are 50 MB, in some seconds.
const AT_ONCE: usize = 32;
/// How many runs are read in one request.
const PAGE: i32 = 100;

#[derive(Debug, Args)]
pub(crate) struct Person {
    /// A company code or workspace id
    #[arg(value_name = "WS")]
    workspace: String,
    /// The person's employee code or e-mail address, as SmartHR had it in those runs
    #[arg(value_name = "CODE|EMAIL")]
    who: String,
    /// Look at the newest N runs only
    #[arg(long, value_name = "N")]
    last: Option<usize>,
}

/// The person as a user now, and in the runs.
#[derive(Debug, Serialize)]
struct Found {
    /// `None` if nobody has the code or address now.
    user: Option<User>,
    runs_read: usize,
    /// Newest first.
    lines: Vec<PersonLine>,
}

/// Shows one person over all runs: the lines about them, and nobody else's.
///
/// # Errors
/// [`KiteraError`] when there is no such workspace, or the tables or logs cannot be read.
pub(crate) async fn run(stack: &Stack, args: &Person) -> Result<Output, KiteraError> {
    let (store, logs) = (&stack.store()?, &stack.logs()?);
    let id = &id_of(store, &args.workspace).await?;
    let who = args.who.trim();
    let runs = all_runs(store, id, args.last.unwrap_or(usize::MAX)).await?;
    let runs_read = runs.len();
    let mut of_runs = stream::iter(runs)
        .map(|run| async move { lines(store, logs, id, &run, who).await })
        .buffered(AT_ONCE);
    let mut lines = Vec::new();
    while let Some(of_run) = of_runs.next().await {
        lines.extend(of_run?);
    }
    let found = Found {
        user: user(store, id, who).await?,
        runs_read,
        lines,
    };
    Ok(Output::new(found.text(), &found))
}

/// Returns at most `most` runs, newest first.
async fn all_runs(store: &Store, id: &WorkspaceId, most: usize) -> Result<Vec<Run>, StoreError> {
    let mut runs: Vec<Run> = Vec::new();
    loop {
        let before = runs.last().map(|run| run.run_id.clone());
        let page = store.runs(id, before.as_ref(), PAGE).await?;
        let is_last = page.is_empty();
        runs.extend(page);
        if is_last || runs.len() >= most {
            runs.truncate(most);
            return Ok(runs);
        }
    }
}

/// Returns what a run says about the person: its log, or while there is none the rows of its steps.
async fn lines(
    store: &Store,
    logs: &SyncLogs,
    id: &WorkspaceId,
    run: &Run,
    who: &str,
) -> Result<Vec<PersonLine>, StoreError> {
    if let Some(key) = &run.log_key {
        let log = logs.get(key).await?.unwrap_or_default();
        return lines_of_log(&log, run.started_at, who);
    }
    let rows = store.rows(id, &run.run_id).await?.rows.into_iter();
    let theirs = rows.filter(|row| is_theirs(&row.code, &row.email, who));
    let line = |row: domain::report::Row| PersonLine {
        started_at: run.started_at,
        code: row.code,
        name: row.name,
        email: row.email,
        action: row.action.label().to_owned(),
        result: row.outcome.label().to_owned(),
        cause: row.cause,
        remedy: row.remedy,
        changes: row
            .changes
            .iter()
            .map(|it| it.field.as_str())
            .collect::<Vec<_>>()
            .join("、"),
    };
    Ok(theirs.map(line).collect())
}

/// Returns the user who has the code or address now.
async fn user(store: &Store, id: &WorkspaceId, who: &str) -> Result<Option<User>, StoreError> {
    let holder = match (EmailAddress::parse(who), EmployeeCode::parse(who)) {
        (Some(email), _) => store.holder_of_email(id, &email).await?,
        (None, Some(code)) => store.holder_of_code(id, &code).await?,
        (None, None) => None,
    };
    match holder {
        Some(user_id) => store.user(id, &user_id).await,
        None => Ok(None),
    }
}

impl Found {
    fn text(&self) -> String {
        let mut text = match &self.user {
            None => "nobody has this code or address now\n".to_owned(),
            Some(user) => format!(
                "{} {}: {:?}, {:?}, {}linked to SmartHR\n",
                user.user_id,
                user.name,
                user.role,
                user.status,
                if user.crew_link.is_some() { "" } else { "not " }
            ),
        };
        let (with_line, all) = (self.lines.len(), self.runs_read);
        _ = write!(text, "{with_line} of {all} runs have a line\n\n");
        text.push_str(&table_of(&self.lines));
        text
    }
}
