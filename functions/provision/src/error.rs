//! What the operator reads when nothing, or not everything, was done.

use std::fmt;

use credentials::HashingError;
use domain::WorkspaceId;
use storage::StoreError;

/// Why the event was not carried out.
#[derive(thiserror::Error)]
pub(crate) enum ProvisionError {
    /// The event is not of the expected shape.
    #[error("the event cannot be read: {0}")]
    Unreadable(serde_json::Error),
    /// All that is wrong with its values.
    #[error("the event is refused: {}", .0.join("; "))]
    Invalid(Vec<String>),
    /// Creating the same workspace twice is most likely a mistake.
    #[error(
        "company code {company_code} belongs to workspace {workspace_id}; \
         give this workspace_id to update it"
    )]
    Exists {
        company_code: String,
        workspace_id: WorkspaceId,
    },
    /// There is nothing to update.
    #[error("there is no workspace {0}")]
    NoSuchWorkspace(WorkspaceId),
    /// The administrator's address or code is another user's.
    #[error("{0} belongs to a user of the workspace who is not a system administrator")]
    Taken(String),
    /// The administrator's address is one user's and the code another's.
    #[error("the e-mail address and the employee code belong to two different users")]
    TwoUsers,
    /// Hashing the password failed.
    #[error(transparent)]
    Hashing(#[from] HashingError),
    /// AWS did not do it; sending the event again, with the workspace_id, goes on.
    #[error(transparent)]
    Aws(#[from] StoreError),
}

/// Lambda's runtime writes errors into the log in this form. What an event says of an administrator
/// belongs only into the answer, which is the other form.
impl fmt::Debug for ProvisionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the event was not carried out; its answer says why")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_does_not_name_the_administrator_of_a_refused_event() {
        let refused = ProvisionError::Taken("hanako@example.jp".into());
        assert!(!format!("{refused:?}").contains("hanako"));
        assert!(refused.to_string().contains("hanako@example.jp"));
    }
}
