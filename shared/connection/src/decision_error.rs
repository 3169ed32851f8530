//! Why the answer of an admin to what a run held is refused.

use storage::StoreError;

/// The reason why a decision was not stored.
#[derive(Debug, thiserror::Error)]
pub enum DecisionError {
    /// The workspace has no run with this id.
    #[error("there is no such run")]
    UnknownRun,
    /// The run held nobody, a newer run supersedes it, or the workspace is no longer connected.
    #[error("nothing is held")]
    NothingHeld,
    /// The database did not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}
