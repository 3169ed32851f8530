//! `kitera workspaces`

use domain::{Connection, ConnectionState, WorkspaceId};
use futures_util::{StreamExt, stream};
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
    /// What of the workspace cannot be read; `None` if all can.
    unreadable: Option<String>,
}

/// Lists all workspaces, in the order of their company codes.
///
/// # Errors
/// [`KiteraError`] when the tables cannot be read.
pub(crate) async fn run(stack: &Stack) -> Result<Output, KiteraError> {
    let store = &stack.store()?;
    let ids = store.workspace_ids().await?;
    let mut listed: Vec<Listed> = stream::iter(ids)
        .map(|id| listed(store, id))
        .buffered(AT_ONCE)
        .collect()
        .await;
    listed.sort_by(|one, other| one.company_code.cmp(&other.company_code));
    let rows: Vec<Vec<String>> = listed.iter().map(Listed::row).collect();
    let headings = ["CODE", "NAME", "ID", "CONNECTION", "SYNC", "LAST RUN"];
    Ok(Output::new(table(&headings, &rows), &listed))
}

async fn listed(store: &Store, id: WorkspaceId) -> Listed {
    let mut unreadable = None;
    let mut note = |error: StoreError| unreadable = Some(error.to_string());
    let workspace = store.workspace(&id).await.map_err(&mut note).ok().flatten();
    let connection: Option<Connection> = store
        .connection(&id)
        .await
        .map_err(&mut note)
        .ok()
        .flatten();
    let run = store
        .newest_run(&id)
        .await
        .map_err(&mut note)
        .ok()
        .flatten();
    let (company_code, name) = workspace
        .map(|workspace| (workspace.company_code, workspace.name))
        .unwrap_or_default();
    Listed {
        company_code,
        name,
        workspace_id: id,
        sync: connection
            .as_ref()
            .is_some_and(|connection| connection.settings.enabled),
        connection: connection.map(|connection| connection.state),
        last_run: run.as_ref().map(LastRun::from),
        unreadable,
    }
}

impl Listed {
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
