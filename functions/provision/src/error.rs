//! The errors that the operator reads when an event is not, or not completely, carried out.

use std::fmt;

use credentials::HashingError;
use domain::WorkspaceId;
use storage::StoreError;

/// The reason why the event was not carried out.
#[derive(thiserror::Error)]
pub(crate) enum ProvisionError {
    /// The event does not have the expected shape.
    #[error("the event cannot be read: {0}")]
    Unreadable(serde_json::Error),
    /// The event's values are not valid; these are all the errors.
    #[error("the event is refused: {}", .0.join("; "))]
    Invalid(Vec<String>),
    /// The company code is in use: creating the same workspace twice is most likely a mistake.
    #[error(
        "company code {company_code} belongs to workspace {workspace_id}; \
         give this workspace_id to update it"
    )]
    Exists {
        company_code: String,
        workspace_id: WorkspaceId,
    },
    /// The workspace to update does not exist.
    #[error("there is no workspace {0}")]
    NoSuchWorkspace(WorkspaceId),
    /// No other workspace has the company code that is given for the parent company.
    #[error("no other workspace has the company code {0}, which is given for the parent company")]
    NoSuchParent(String),
    /// The administrator's address or code belongs to another user.
    #[error("{0} belongs to a user of the workspace who is not a system administrator")]
    Taken(String),
    /// The administrator's address and code belong to two different users.
    #[error("the e-mail address and the employee code belong to two different users")]
    TwoUsers,
    /// The workspace has no administrator with this address.
    #[error("no system administrator of the workspace has the address {0}")]
    NoSuchAdministrator(String),
    /// Somebody else keeps changing a user whose credentials are to be voided.
    #[error("a user keeps changing; invoke it again to go on")]
    KeepsChanging,
    /// Hashing the password failed.
    #[error(transparent)]
    Hashing(#[from] HashingError),
    /// AWS failed; sending the event again, with the workspace_id, continues it.
    #[error(transparent)]
    Aws(#[from] StoreError),
}

/// Lambda's runtime writes errors into the log in this form. An administrator's data must appear only
/// in the answer, which has the other form.
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
