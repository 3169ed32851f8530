//! `kitera last-night`

use std::collections::BTreeMap;

use domain::time::date_and_time;
use domain::{Connection, Run, RunId, Trigger, WorkspaceId};
use futures_util::{StreamExt, stream};
use jiff::{SignedDuration, Timestamp};
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
/// After this time without another night one is missing.
const A_DAY: SignedDuration = SignedDuration::from_hours(25);

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
    found: Result<Found, StoreError>,
}

struct Found {
    connection: Option<Connection>,
    runs: Vec<Run>,
    under_way: Option<RunId>,
}

/// Shows the newest night of the schedule: every workspace, by what came of it.
///
/// # Errors
/// [`KiteraError`] when the tables cannot be read.
pub(crate) async fn run(stack: &Stack) -> Result<Output, KiteraError> {
    let store = &stack.store()?;
    let (ids, now) = (store.workspace_ids().await?, lambda::clock::now());
    let read: Vec<Read> = stream::iter(ids)
        .map(|id| read(store, id, now))
        .buffered(AT_ONCE)
        .collect()
        .await;
    let runs = read.iter().filter_map(|read| read.found.as_ref().ok());
    let scheduled = runs.flat_map(|found| found.runs.iter().filter(|run| is_scheduled(run)));
    let newest = scheduled.max_by_key(|run| run.started_at);
    let heading = heading(newest, now);
    let newest = newest.filter(|run| now.duration_since(run.started_at) < A_DAY);
    let mut night = Night {
        run_id: newest.map(|run| run.run_id.clone()),
        by_reason: BTreeMap::new(),
    };
    for read in read {
        let (reason, entry) = read.judged(night.run_id.as_ref(), now);
        night.by_reason.entry(reason).or_default().push(entry);
    }
    let text = format!("{heading}\n\n{}", night.table());
    Ok(Output::new(text, &night))
}

/// Returns which night it is, or that there was none where there should have been one.
fn heading(newest: Option<&Run>, now: Timestamp) -> String {
    let Some(newest) = newest else {
        return "THERE WAS NO NIGHT YET.".to_owned();
    };
    let began = date_and_time(newest.started_at);
    if now.duration_since(newest.started_at) < A_DAY {
        format!("The night of {began} (Japan):")
    } else {
        format!("NO NIGHT SINCE {began} (Japan): no run was dispatched. Is the schedule off?")
    }
}

fn is_scheduled(run: &Run) -> bool {
    run.trigger == Trigger::Schedule
}

async fn read(store: &Store, id: WorkspaceId, now: Timestamp) -> Read {
    let workspace = store.workspace(&id).await;
    let (company_code, name) = match &workspace {
        Ok(Some(workspace)) => (workspace.company_code.clone(), workspace.name.clone()),
        _ => Default::default(),
    };
    let found = async {
        workspace?;
        let seats = store.seats_and_lease(&id).await?;
        Ok(Found {
            connection: store.connection(&id).await?,
            runs: store.runs(&id, None, NEWEST_RUNS).await?,
            under_way: seats.running(now).cloned(),
        })
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
    fn judged(self, night: Option<&RunId>, now: Timestamp) -> (String, Entry) {
        let mut entry = self.entry;
        let found = match self.found {
            Ok(found) => found,
            Err(error) => return (error.to_string(), entry),
        };
        let run = found.runs.iter().find(|run| Some(&run.run_id) == night);
        entry.run = run.map(|run| LastRun::of(run, found.under_way.as_ref(), now));
        let state = found.connection.as_ref().map(|connection| connection.state);
        let reason = match (&entry.run, &found.connection) {
            (Some(run), _) => run.words(),
            (None, Some(connection)) if connection.runs_at_night() => "no run".to_owned(),
            (None, Some(connection)) if connection.is_connected() => "sync off".to_owned(),
            (None, _) => connection_words(state).to_owned(),
        };
        (reason, entry)
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
