//! `kitera last-night`

use std::collections::BTreeMap;

use domain::time::date_and_time;
use domain::{Connection, Run, RunId, RunOutcome, Trigger, WorkspaceId};
use futures_util::{StreamExt, stream};
use serde::Serialize;
use storage::{Store, StoreError};

use crate::commands::workspaces::{AT_ONCE, connection_words};
use crate::error::KiteraError;
use crate::last_run::LastRun;
use crate::output::Output;
use crate::stack::Stack;
use crate::table::table;

/// How many of a workspace's runs are looked at for one of the schedule: more than anybody starts by hand in a day.
const NEWEST_RUNS: i32 = 120;
/// The word for a run that ended without a failure.
const SUCCESS: &str = "success";

/// The newest night, and what came of it in each workspace.
#[derive(Debug, Serialize)]
struct Night {
    /// The id that the runs of the night share; `None` if there never was a night.
    run_id: Option<RunId>,
    by_reason: BTreeMap<String, Vec<Entry>>,
}

#[derive(Debug, Serialize)]
struct Entry {
    company_code: String,
    name: String,
    workspace_id: WorkspaceId,
    run: Option<LastRun>,
}

/// What was read of a workspace.
struct Read {
    entry: Entry,
    found: Result<(Option<Connection>, Vec<Run>), StoreError>,
}

/// Shows the newest night of the schedule: every workspace, by what came of it.
///
/// # Errors
/// [`KiteraError`] when the tables cannot be read.
pub(crate) async fn run(stack: &Stack) -> Result<Output, KiteraError> {
    let store = &stack.store()?;
    let ids = store.workspace_ids().await?;
    let read: Vec<Read> = stream::iter(ids)
        .map(|id| read(store, id))
        .buffered(AT_ONCE)
        .collect()
        .await;
    let runs = read.iter().filter_map(|read| read.found.as_ref().ok());
    let scheduled = runs.flat_map(|(_, runs)| runs.iter().filter(|run| is_scheduled(run)));
    let newest = scheduled.max_by_key(|run| run.started_at);
    let began = newest.map(|run| run.started_at);
    let mut night = Night {
        run_id: newest.map(|run| run.run_id.clone()),
        by_reason: BTreeMap::new(),
    };
    for read in read {
        let (reason, entry) = read.judged(night.run_id.as_ref());
        night.by_reason.entry(reason).or_default().push(entry);
    }
    let heading = began.map_or_else(
        || "There was no night yet.".to_owned(),
        |began| format!("The night of {} (Japan):", date_and_time(began)),
    );
    Ok(Output::new(
        format!("{heading}\n\n{}", night.table()),
        &night,
    ))
}

fn is_scheduled(run: &Run) -> bool {
    run.trigger == Trigger::Schedule
}

async fn read(store: &Store, id: WorkspaceId) -> Read {
    let workspace = store.workspace(&id).await;
    let (company_code, name) = match &workspace {
        Ok(Some(workspace)) => (workspace.company_code.clone(), workspace.name.clone()),
        _ => Default::default(),
    };
    let found = async {
        workspace?;
        let connection = store.connection(&id).await?;
        Ok((connection, store.runs(&id, None, NEWEST_RUNS).await?))
    };
    Read {
        found: found.await,
        entry: Entry {
            company_code,
            name,
            workspace_id: id,
            run: None,
        },
    }
}

impl Read {
    /// Returns the reason under which the workspace is listed.
    fn judged(self, night: Option<&RunId>) -> (String, Entry) {
        let mut entry = self.entry;
        let (connection, runs) = match self.found {
            Ok(found) => found,
            Err(error) => return (error.to_string(), entry),
        };
        let run = runs.iter().find(|run| Some(&run.run_id) == night);
        entry.run = run.map(LastRun::from);
        let state = connection.as_ref().map(|connection| connection.state);
        let reason = match (&entry.run, &connection) {
            (Some(run), _) => match (run.outcome, run.reason) {
                (RunOutcome::Running, _) => "running",
                (RunOutcome::Success, _) => SUCCESS,
                (RunOutcome::Failure, Some(reason)) => reason,
                (RunOutcome::Failure, None) => "some people failed",
            },
            (None, Some(connection)) if connection.runs_at_night() => "no run",
            (None, Some(connection)) if connection.is_connected() => "sync off",
            (None, _) => connection_words(state),
        };
        (reason.to_owned(), entry)
    }
}

impl Night {
    /// Returns a row per workspace, and one for all that succeeded.
    fn table(&self) -> String {
        let mut rows = Vec::new();
        for (reason, entries) in &self.by_reason {
            let count = format!("{reason} ({})", entries.len());
            if reason == SUCCESS {
                rows.push(vec![count]);
                continue;
            }
            for entry in entries {
                let failed = entry.run.as_ref().map_or(0, |run| run.failed);
                rows.push(vec![
                    count.clone(),
                    entry.company_code.clone(),
                    entry.name.clone(),
                    entry.workspace_id.to_string(),
                    if failed == 0 {
                        "-".to_owned()
                    } else {
                        failed.to_string()
                    },
                ]);
            }
        }
        table(&["REASON", "CODE", "NAME", "ID", "PEOPLE FAILED"], &rows)
    }
}
