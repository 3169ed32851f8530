//! The names of the DynamoDB tables.

use lambda::config::{MissingSetting, setting};

/// The names of the tables.
#[derive(Clone, Debug)]
pub struct Tables {
    /// Workspaces, their connection, and their seats and lease.
    pub workspaces: String,
    /// Users, and deleted users for 30 days.
    pub users: String,
    /// Which user holds an e-mail address or an employee code.
    pub identifiers: String,
    /// Runs and the rows of their steps.
    pub runs: String,
    /// Mails to be sent.
    pub outbox: String,
    /// Sessions, OAuth states, sign-in guesses.
    pub sessions: String,
}

impl Tables {
    /// Reads the names from the environment.
    ///
    /// # Errors
    /// [`MissingSetting`] when one is not set.
    pub fn from_env() -> Result<Self, MissingSetting> {
        Ok(Self {
            workspaces: setting("WORKSPACES_TABLE")?,
            users: setting("USERS_TABLE")?,
            identifiers: setting("IDENTIFIERS_TABLE")?,
            runs: setting("RUNS_TABLE")?,
            outbox: setting("OUTBOX_TABLE")?,
            sessions: setting("SESSIONS_TABLE")?,
        })
    }
}
