//! What the environment of a function says.

/// A setting that is missing or cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("environment variable {0} is not set; the template sets it for every function")]
pub struct MissingSetting(&'static str);

/// Reads one environment variable.
///
/// # Errors
/// [`MissingSetting`] when it is not set.
pub fn setting(name: &'static str) -> Result<String, MissingSetting> {
    std::env::var(name).map_err(|_| MissingSetting(name))
}

/// The names of the tables.
#[derive(Clone, Debug)]
pub struct Tables {
    /// Workspaces, their integration and their gate.
    pub workspaces: String,
    /// Users, and deleted users for 30 days.
    pub users: String,
    /// Who holds an e-mail address or an employee code.
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
