//! The errors that the operator reads when nobody was erased, or not everywhere.

use std::fmt;

use domain::{UserId, WorkspaceId};
use mail::MailError;
use storage::StoreError;

/// The reason why the event was not carried out.
#[derive(thiserror::Error)]
pub(crate) enum EraseError {
    /// The event does not have the expected shape.
    #[error("the event cannot be read: {0}")]
    Unreadable(serde_json::Error),
    /// The workspace does not exist.
    #[error("there is no workspace {0}")]
    NoSuchWorkspace(WorkspaceId),
    /// The event names nobody.
    #[error("the event needs a user_id, an address or a code")]
    Nobody,
    /// The person is a user.
    #[error(
        "the person is still user {0} of the workspace: take the employee out of the sync in SmartHR \
         (else the next night invites them again), let an admin delete the user, then erase"
    )]
    StillUser(UserId),
    /// A run could write rows about the person.
    #[error("a run of the workspace is under way: erase when it has ended")]
    RunUnderWay,
    /// A stored log or the list has a shape that this version does not know.
    #[error("{0} cannot be read")]
    Corrupt(String),
    /// A log cannot be written as CSV.
    #[error(transparent)]
    Log(#[from] MailError),
    /// AWS failed; sending the event again continues it.
    #[error(transparent)]
    Aws(#[from] StoreError),
}

/// Lambda's runtime writes errors into the log in this form. A person's data, which an event that
/// cannot be read may quote, must appear only in the answer, which has the other form.
impl fmt::Debug for EraseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the event was not carried out; its answer says why")
    }
}
