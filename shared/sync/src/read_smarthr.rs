//! Reads SmartHR for a run, all of it or the people whom it reported, or returns the failure that the run ends with.

use std::collections::BTreeSet;

use connection::{SessionError, TokenError, known_item_ids};
use domain::{
    Connection, ConnectionState, CrewId, CustomItemId, CustomItemIds, Employee, RunFailure,
    WorkspaceId,
};
use smarthr::{Gap, ReadCrews, ReadError, RequiredItems, Session, SmartHrError};
use storage::StoreError;
use tokio::time::{Duration, Instant};

use crate::run::Runner;
use crate::work_error::WorkError;

/// The time limit for reading SmartHR, unless the invocation ends sooner.
const LONGEST_READ: Duration = Duration::from_mins(10);

/// Why a person was not found in SmartHR.
#[derive(Debug, thiserror::Error)]
pub enum FindError {
    /// The workspace is not connected.
    #[error("the workspace is not connected to SmartHR")]
    NotConnected,
    /// There is no valid token.
    #[error(transparent)]
    Token(TokenError),
    /// SmartHR did not answer.
    #[error(transparent)]
    SmartHr(SmartHrError),
    /// The database did not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Whom to read.
#[derive(Clone, Copy)]
enum Whom<'a> {
    Everybody,
    /// Everybody, with our items as far as these are known: none is created.
    EverybodyWith(Option<&'a CustomItemIds>),
    These(&'a BTreeSet<CrewId>),
}

/// The result of reading SmartHR.
enum Read {
    /// The employees, and of those who were asked for the ones whom SmartHR does not have.
    Crews(ReadCrews),
    /// Our items had been deleted in SmartHR, and with them everybody's choices; these are the new
    /// items.
    ItemsMadeAgain(CustomItemIds),
}

impl Runner {
    /// Reads all employees from SmartHR, and returns them with the session that read them.
    ///
    /// # Errors
    /// [`WorkError`] when the read fails: the run ends with a failure, or its message is delivered
    /// again.
    pub(crate) async fn read_smarthr(
        &self,
        workspace_id: &WorkspaceId,
        connection: &Connection,
        deadline: Instant,
    ) -> Result<(Vec<Employee>, Session), WorkError> {
        let everybody = self.read_crews(workspace_id, connection, Whom::Everybody, deadline);
        let (everybody, session) = everybody.await?;
        Ok((everybody.found, session))
    }

    /// Reads all employees from SmartHR, with the items that SmartHR has: settings that are not saved yet create none.
    ///
    /// # Errors
    /// As [`Runner::read_smarthr`].
    pub(crate) async fn read_with_items(
        &self,
        workspace_id: &WorkspaceId,
        connection: &Connection,
        items: Option<&CustomItemIds>,
        deadline: Instant,
    ) -> Result<Vec<Employee>, WorkError> {
        let whom = Whom::EverybodyWith(items);
        let (read, _) = self
            .read_crews(workspace_id, connection, whom, deadline)
            .await?;
        Ok(read.found)
    }

    /// Reads these crews from SmartHR.
    ///
    /// # Errors
    /// As [`Runner::read_smarthr`].
    pub(crate) async fn read_reported(
        &self,
        workspace_id: &WorkspaceId,
        connection: &Connection,
        crews: &BTreeSet<CrewId>,
        deadline: Instant,
    ) -> Result<ReadCrews, WorkError> {
        let read = self.read_crews(workspace_id, connection, Whom::These(crews), deadline);
        let (read, _) = read.await?;
        Ok(read)
    }

    /// Returns the crews that have this employee code in SmartHR.
    ///
    /// # Errors
    /// [`FindError`] when the workspace is not connected, or SmartHR does not answer.
    pub async fn crews_with_code(
        &self,
        workspace_id: &WorkspaceId,
        code: &str,
        deadline: Instant,
    ) -> Result<Vec<CrewId>, FindError> {
        let connection = self.store.connection(workspace_id).await?;
        let connection = connection
            .filter(Connection::is_connected)
            .ok_or(FindError::NotConnected)?;
        let found = self
            .connections
            .with_session(workspace_id, &connection, deadline, |session| async move {
                session.crews_with_code(code, deadline).await
            })
            .await;
        found.map_err(|error| match error {
            SessionError::Token(error) => FindError::Token(error),
            SessionError::Call(error) => FindError::SmartHr(error),
        })
    }

    async fn read_crews(
        &self,
        workspace_id: &WorkspaceId,
        connection: &Connection,
        whom: Whom<'_>,
        deadline: Instant,
    ) -> Result<(ReadCrews, Session), WorkError> {
        match connection.state {
            ConnectionState::Connected => {}
            ConnectionState::ReconnectNeeded => return Err(RunFailure::TokenRefused.into()),
            ConnectionState::Disconnecting | ConnectionState::Disconnected => {
                return Err(RunFailure::NotConnected.into());
            }
        }
        let deadline = deadline.min(Instant::now() + LONGEST_READ);
        let company = &connection.company.tenant_id;
        let read = self
            .connections
            .with_session(workspace_id, connection, deadline, |session| async move {
                Ok((read(&session, connection, whom, deadline).await?, session))
            })
            .await;
        let failure = match read {
            Ok((Read::Crews(crews), session)) => return Ok((crews, session)),
            Ok((Read::ItemsMadeAgain(items), _)) => {
                self.connections
                    .record_custom_items(workspace_id, company, &items)
                    .await?;
                RunFailure::ItemsMadeAgain
            }
            Err(SessionError::Token(TokenError::Refused)) => RunFailure::TokenRefused,
            Err(SessionError::Token(TokenError::Unavailable)) => RunFailure::SmartHrDown,
            Err(SessionError::Token(TokenError::ClientRefused)) => RunFailure::ClientRefused,
            Err(SessionError::Token(TokenError::Store(error))) => return Err(error.into()),
            Err(SessionError::Call(error)) => {
                tracing::warn!(%error, "SmartHR was not read");
                failure_of(&error)
            }
        };
        Err(failure.into())
    }
}

async fn read(
    session: &Session,
    connection: &Connection,
    whom: Whom<'_>,
    deadline: Instant,
) -> Result<Read, ReadError> {
    let mut items = None;
    if let Whom::EverybodyWith(known) = whom {
        items = known.cloned();
    } else if let Some(required) = RequiredItems::of(&connection.settings) {
        let known = known_item_ids(connection.items.as_ref());
        let found = session.ensure_items(required, known, deadline).await?;
        if known.is_none_or(|known| is_made_again(known, &found)) {
            return Ok(Read::ItemsMadeAgain(found));
        }
        items = Some(found);
    }
    let items = items.as_ref();
    Ok(Read::Crews(match whom {
        Whom::These(crews) => session.read_crews(crews, items, deadline).await?,
        Whom::Everybody | Whom::EverybodyWith(_) => ReadCrews {
            found: session.read_employees(items, deadline).await?,
            not_found: Vec::new(),
        },
    }))
}

/// Returns whether a known item has a new id.
fn is_made_again(known: &CustomItemIds, found: &CustomItemIds) -> bool {
    let differs = |known: &Option<CustomItemId>, found: &Option<CustomItemId>| {
        found.as_ref().is_some_and(|found| {
            known
                .as_ref()
                .is_none_or(|known| known.template_id != found.template_id)
        })
    };
    differs(&known.sync_target, &found.sync_target)
        || differs(&known.login_method, &found.login_method)
}

/// Returns the failure that the history shows for a failed read.
fn failure_of(error: &ReadError) -> RunFailure {
    match error {
        ReadError::SmartHr(error) => match error {
            SmartHrError::BadSubdomain => RunFailure::TokenRefused,
            SmartHrError::Forbidden { .. } => RunFailure::SmartHrForbidden,
            SmartHrError::Maintenance { .. } => RunFailure::SmartHrMaintenance,
            SmartHrError::UnexpectedAnswer(_)
            | SmartHrError::BrokenAnswer
            | SmartHrError::TooLarge => RunFailure::AnswerUnreadable,
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
    }
}
