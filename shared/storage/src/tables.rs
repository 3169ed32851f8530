//! The names of the DynamoDB tables.

use lambda::config::{MissingSetting, setting};

/// The names of the tables of one stage.
#[derive(Clone, Debug)]
pub struct Tables {
    /// Workspaces, their connections, their seats and leases.
    pub workspaces: String,
    /// Users, and deleted users for 30 days.
    pub users: String,
    /// Reservations of e-mail addresses and employee codes.
    pub identifiers: String,
    /// Runs and the rows of their steps.
    pub runs: String,
    /// The outbox: mails to send, and settled ones for 30 days.
    pub outbox: String,
    /// Sessions, OAuth states, guesses, idempotent requests, token locks.
    pub sessions: String,
    /// Our registrations of SmartHR's webhooks, and the people whom SmartHR reported as changed.
    pub webhooks: String,
    /// The audit trail, which no function may change.
    pub audit: String,
}

impl Tables {
    /// Reads the names from the environment.
    ///
    /// # Errors
    /// [`MissingSetting`] when a name is not set.
    pub fn from_env() -> Result<Self, MissingSetting> {
        Ok(Self {
            workspaces: setting("WORKSPACES_TABLE")?,
            users: setting("USERS_TABLE")?,
            identifiers: setting("IDENTIFIERS_TABLE")?,
            runs: setting("RUNS_TABLE")?,
            outbox: setting("OUTBOX_TABLE")?,
            sessions: setting("SESSIONS_TABLE")?,
            webhooks: setting("WEBHOOKS_TABLE")?,
            audit: setting("AUDIT_TABLE")?,
        })
    }
}
