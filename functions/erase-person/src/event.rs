//! The event that the operator sends, and the answer.

use domain::{UserId, WorkspaceId};
use serde::{Deserialize, Serialize};

/// The event. A misspelt field is refused rather than ignored.
#[derive(Debug, Deserialize)]
#[serde(tag = "action", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Event {
    /// Counts what would be erased, and changes nothing.
    Preview(Request),
    /// Erases the person. Sent again, it continues where it was interrupted or had no more time.
    Erase(Request),
    /// Erases everybody on the erasure list again, after tables were restored.
    Repeat {
        /// [`Answer::continue_after`] of the invocation before, whose time did not suffice.
        #[serde(default)]
        after: Option<String>,
    },
}

/// Who is to be erased: a user's id, or an address or code of theirs. Names, addresses and codes that
/// the person had before are found in the history only if they are given.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Request {
    /// The workspace that the person was a user of.
    pub(crate) workspace_id: WorkspaceId,
    /// The id of the person's user.
    #[serde(default)]
    pub(crate) user_id: Option<UserId>,
    /// Addresses that the person has or had.
    #[serde(default)]
    pub(crate) emails: Vec<String>,
    /// Employee codes that the person has or had.
    #[serde(default)]
    pub(crate) employee_codes: Vec<String>,
    /// Names that the person has or had, as the history shows them.
    #[serde(default)]
    pub(crate) names: Vec<String>,
}

/// The answer: how much is, or was, known of the person in each place. It names nobody.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Answer {
    /// The ids of the users that the person had.
    pub(crate) user_ids: Vec<UserId>,
    /// Users of restored tables, and copies of deleted users.
    pub(crate) users: usize,
    /// Items with second factors.
    pub(crate) second_factors: usize,
    /// Rows of steps.
    pub(crate) rows: usize,
    /// Runs and previews with held deletions or account changes.
    pub(crate) runs: usize,
    /// Connections with questions or answers about the person.
    pub(crate) connections: usize,
    /// Addresses in workspaces that let the person in as a related company's user, or that mails to the admins go to.
    pub(crate) related_company_users: usize,
    /// Mails in the outbox.
    pub(crate) mails: usize,
    /// Sessions, OAuth states and recorded answers.
    pub(crate) sessions: usize,
    /// Lines of sync logs.
    pub(crate) log_lines: usize,
    /// Sync logs for which there was no time. Unless it is 0, the event must be sent again.
    pub(crate) unread_logs: usize,
    /// How far a [`Event::Repeat`] came whose time did not suffice; `None` when it is done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) continue_after: Option<String>,
}
