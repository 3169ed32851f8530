//! `kitera workspaces`

use domain::{ConnectionState, WorkspaceId};
use futures_util::{StreamExt, stream};
use jiff::Timestamp;
use serde::Serialize;
use storage::{Store, StoreError};

use crate::error::KiteraError;
use crate::last_run::LastRun;
use crate::output::Output;
use crate::stack::Stack;
use crate::table::table;

/// How many workspaces are read at the same time.
pub(crate) const AT_ONCE: usize = 16;

/// A workspace in the list.
#[derive(Debug, Serialize)]
struct Listed {
    company_code: String,
    name: String,
    workspace_id: WorkspaceId,
    /// `None` if it was never connected.
    connection: Option<ConnectionState>,
    sync: bool,
    last_run: Option<LastRun>,
    /// What of the workspace cannot be read, so that the rest is not shown; `None` if all can.
    unreadable: Option<String>,
}

/// Lists all workspaces, in the order of their company codes.
///
/// # Errors
/// [`KiteraError`] when the tables cannot be read.
pub(crate) async fn run(stack: &Stack) -> Result<Output, KiteraError> {
    let store = &stack.store()?;
    let (ids, now) = (store.workspace_ids().await?, lambda::clock::now());
    let mut listed: Vec<Listed> = stream::iter(ids)
        .map(|id| listed(store, id, now))
        .buffered(AT_ONCE)
        .collect()
        .await;
    listed.sort_by(|one, other| one.company_code.cmp(&other.company_code));
    let rows: Vec<Vec<String>> = listed.iter().map(Listed::row).collect();
    let headings = ["CODE", "NAME", "ID", "CONNECTION", "SYNC", "LAST RUN"];
    Ok(Output::new(table(&headings, &rows), &listed))
}

async fn listed(store: &Store, id: WorkspaceId, now: Timestamp) -> Listed {
    let mut listed = Listed {
        company_code: String::new(),
        name: String::new(),
        workspace_id: id,
        connection: None,
        sync: false,
        last_run: None,
        unreadable: None,
    };
    if let Err(error) = listed.read(store, now).await {
        listed.unreadable = Some(error.to_string());
    }
    listed
}

impl Listed {
    async fn read(&mut self, store: &Store, now: Timestamp) -> Result<(), StoreError> {
        let id = &self.workspace_id;
        if let Some(workspace) = store.workspace(id).await? {
            self.company_code = workspace.company_code;
            self.name = workspace.name;
        }
        if let Some(connection) = store.connection(id).await? {
            self.connection = Some(connection.state);
            self.sync = connection.settings.enabled;
        }
        let seats = store.seats_and_lease(id).await?;
        let newest = store.newest_run(id).await?;
        self.last_run = newest.map(|run| LastRun::of(&run, seats.running(now), now));
        Ok(())
    }

    fn row(&self) -> Vec<String> {
        let last = match (&self.unreadable, &self.last_run) {
            (Some(why), _) => why.clone(),
            (None, Some(run)) => run.line(),
            (None, None) => "-".to_owned(),
        };
        vec![
            self.company_code.clone(),
            self.name.clone(),
            self.workspace_id.to_string(),
            connection_words(self.connection).to_owned(),
            if self.sync { "on" } else { "off" }.to_owned(),
            last,
        ]
    }
}

/// Returns the state of a connection in words; `None` is a workspace that was never connected.
pub(crate) fn connection_words(state: Option<ConnectionState>) -> &'static str {
    match state {
        None => "never connected",
        Some(ConnectionState::Connected) => "connected",
        Some(ConnectionState::ReconnectNeeded) => "reconnect needed",
        Some(ConnectionState::Disconnecting) => "disconnecting",
        Some(ConnectionState::Disconnected) => "disconnected",
    }
}
