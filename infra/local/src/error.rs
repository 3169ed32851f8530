use std::path::PathBuf;

/// Why something on the local machine did not work. Read by a developer on a terminal.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file, a socket or a process.
    #[error("{what}: {source}")]
    Io {
        /// What was being done.
        what: String,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// A program of ours ended with an error.
    #[error("{what} failed:\n{output}")]
    Command {
        /// What was being done.
        what: &'static str,
        /// What it wrote to standard error.
        output: String,
    },
    /// A binary is not there to be deployed.
    #[error("{0} is missing: run `cargo build --workspace --bins` first")]
    NotBuilt(PathBuf),
    /// A request to one of the local servers failed on the way.
    #[error("local request: {0}")]
    Request(#[from] reqwest::Error),
    /// A local server answered something else than expected.
    #[error("{what} answered {status}: {body}")]
    Answer {
        /// Who answered.
        what: String,
        /// HTTP status.
        status: u16,
        /// What it said.
        body: String,
    },
    /// A function ended with an error, as `X-Amz-Function-Error` tells.
    #[error("the function {function} failed: {payload}")]
    Function {
        /// The function's short name.
        function: String,
        /// Its error as JSON.
        payload: serde_json::Value,
    },
    /// A table of the stack could not be read.
    #[error("reading the table {table}: {reason}")]
    Table {
        /// The table's name.
        table: String,
        /// What DynamoDB's client said.
        reason: String,
    },
    /// Something that should have ended did not.
    #[error("still not done after {seconds} s: {what}")]
    Timeout {
        /// What was waited for.
        what: String,
        /// How long, in seconds.
        seconds: u64,
    },
    /// A part of the stack panicked.
    #[error("{0}")]
    Panicked(#[from] tokio::task::JoinError),
    /// The stack has ended.
    #[error("the stack has ended")]
    Ended,
    /// What was read is not what its writer promised.
    #[error("{what} is not understood: {reason}")]
    Malformed {
        /// What was read.
        what: &'static str,
        /// What is wrong with it.
        reason: String,
    },
}

impl Error {
    /// Says what was being done when an I/O error came; for `map_err`.
    pub(crate) fn io(what: impl Into<String>) -> impl FnOnce(std::io::Error) -> Self {
        let what = what.into();
        move |source| Self::Io { what, source }
    }
}
