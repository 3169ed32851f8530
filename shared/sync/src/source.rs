//! Reads SmartHR for a run, whole, or says why that cannot be.

use connection::TokenError;
use domain::{Connection, ConnectionState};
use domain::{Employee, RunFailure, Settings, Workspace};
use smarthr::{Gap, ItemIds, ReadError, Session, SmartHrError, WantedItems};
use tokio::time::Instant;

use crate::run::{LONGEST_READ, RunError, Runner};

/// What was read.
pub(crate) struct Source {
    /// Everybody.
    pub(crate) employees: Vec<Employee>,
    /// The settings they are looked at with.
    pub(crate) settings: Settings,
}

impl Runner {
    /// Reads everybody from SmartHR.
    ///
    /// # Errors
    /// The inner error is what the run fails with; the outer one is for the queue to try again.
    pub(crate) async fn read_smarthr(
        &self,
        workspace: &Workspace,
        connection: &Connection,
        deadline: Instant,
    ) -> Result<Result<Source, RunFailure>, RunError> {
        let deadline = deadline.min(Instant::now() + LONGEST_READ);
        match connection.state {
            ConnectionState::Connected => {}
            ConnectionState::ReconnectNeeded => return Ok(Err(RunFailure::TokenRefused)),
            ConnectionState::Disconnecting | ConnectionState::Disconnected => {
                return Ok(Err(RunFailure::NotConnected));
            }
        }
        let mut refresh = false;
        loop {
            let access = self
                .connections
                .session_for(
                    &workspace.workspace_id,
                    &connection.company.tenant_id,
                    refresh,
                    deadline,
                )
                .await;
            let session = match access {
                Ok(session) => session,
                Err(TokenError::Refused) => return Ok(Err(RunFailure::TokenRefused)),
                Err(TokenError::Unavailable) => return Ok(Err(RunFailure::SmartHrDown)),
                Err(TokenError::Store(error)) => return Err(error.into()),
            };
            let read = read(&session, connection, deadline).await;
            match read {
                // The token died before its time: once, a new one may help.
                Err(ReadFailure::SmartHr(ReadError::SmartHr(SmartHrError::Unauthorized)))
                    if !refresh =>
                {
                    refresh = true;
                }
                Err(ReadFailure::SmartHr(ReadError::SmartHr(SmartHrError::Unauthorized))) => {
                    // A new token is refused as well: only an admin can help.
                    self.connections
                        .mark_reconnect_needed(
                            &workspace.workspace_id,
                            &connection.company.tenant_id,
                        )
                        .await?;
                    return Ok(Err(RunFailure::TokenRefused));
                }
                Err(ReadFailure::SmartHr(error)) => {
                    tracing::warn!(%error, "SmartHR was not read");
                    return Ok(Err(failure_of(&error)));
                }
                Err(ReadFailure::ItemsMadeAgain(items)) => {
                    self.connections
                        .record_custom_items(
                            &workspace.workspace_id,
                            &connection.company.tenant_id,
                            &items,
                        )
                        .await?;
                    return Ok(Err(RunFailure::ItemsMadeAgain));
                }
                Ok(employees) => {
                    return Ok(Ok(Source {
                        employees,
                        settings: connection.settings.clone(),
                    }));
                }
            }
        }
    }
}

enum ReadFailure {
    SmartHr(ReadError),
    /// Somebody had deleted our items there, and with them what everybody had chosen.
    ItemsMadeAgain(ItemIds),
}

async fn read(
    session: &Session,
    connection: &Connection,
    deadline: Instant,
) -> Result<Vec<Employee>, ReadFailure> {
    let wanted = WantedItems {
        sync_target: connection.settings.needs_sync_item(),
        login_method: connection.settings.needs_login_item(),
    };
    let items = if wanted.sync_target || wanted.login_method {
        let known = connection::custom_item_ids(connection);
        let items = session
            .ensure_items(wanted, known.as_ref(), deadline)
            .await
            .map_err(|error| ReadFailure::SmartHr(error.into()))?;
        if known.is_none_or(|known| made_again(&known, &items)) {
            return Err(ReadFailure::ItemsMadeAgain(items));
        }
        Some(items)
    } else {
        None
    };
    session
        .read_employees(items.as_ref(), deadline)
        .await
        .map_err(ReadFailure::SmartHr)
}

/// Whether an item that we knew is another one now.
fn made_again(known: &ItemIds, found: &ItemIds) -> bool {
    let other = |known: &Option<smarthr::ItemId>, found: &Option<smarthr::ItemId>| {
        found.as_ref().is_some_and(|found| {
            known
                .as_ref()
                .is_none_or(|known| known.template_id != found.template_id)
        })
    };
    other(&known.sync_target, &found.sync_target) || other(&known.login_method, &found.login_method)
}

/// What the history says about a read that failed.
fn failure_of(error: &ReadError) -> RunFailure {
    match error {
        ReadError::SmartHr(error) => match error {
            SmartHrError::Unauthorized | SmartHrError::BadSubdomain => RunFailure::TokenRefused,
            SmartHrError::Forbidden { .. } => RunFailure::SmartHrForbidden,
            SmartHrError::Maintenance => RunFailure::SmartHrMaintenance,
            _ => RunFailure::SmartHrDown,
        },
        ReadError::NotWhole(gap) => match *gap {
            Gap::Count { expected, found } => RunFailure::ReadNotWhole {
                expected: expected as u64,
                got: found as u64,
            },
            Gap::NoTotal | Gap::TotalChanged { .. } | Gap::Twice | Gap::More => {
                RunFailure::ReadUnsteady
            }
        },
        ReadError::AttributeHidden("custom_fields") => RunFailure::ItemsHidden,
        ReadError::AttributeHidden(_) => RunFailure::SmartHrForbidden,
        ReadError::UnknownStatus { .. } | ReadError::UnknownChoice { .. } => {
            RunFailure::UnknownData
        }
    }
}
