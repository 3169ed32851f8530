//! The errors that stop the work of a run.

use credentials::InvalidDerivationKey;
use domain::RunFailure;
use storage::StoreError;

use crate::run::RunError;

/// The reason why the work of a run stops.
pub(crate) enum WorkError {
    /// The run ends with this failure, which the history shows.
    Fails(RunFailure),
    /// The run stops with this error, and the queue delivers the message again.
    Retry(RunError),
}

impl From<RunFailure> for WorkError {
    fn from(failure: RunFailure) -> Self {
        Self::Fails(failure)
    }
}

impl From<RunError> for WorkError {
    fn from(error: RunError) -> Self {
        Self::Retry(error)
    }
}

impl From<StoreError> for WorkError {
    fn from(error: StoreError) -> Self {
        Self::Retry(error.into())
    }
}

impl From<InvalidDerivationKey> for WorkError {
    fn from(error: InvalidDerivationKey) -> Self {
        Self::Retry(error.into())
    }
}
