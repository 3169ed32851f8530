//! What goes wrong in a local stack.

use std::path::PathBuf;

/// A failure of the local stack, shown to a developer on a terminal.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file, a socket or a process of the stack failed.
    #[error("{what}: {source}")]
    Io {
        /// The attempted action, such as `locking target/venv`.
        what: String,
        /// The error that the operating system reported.
        source: std::io::Error,
    },
    /// A program that the stack started failed.
    #[error("{what} failed:\n{output}")]
    Command {
        /// The attempted action, such as the deployment.
        what: &'static str,
        /// The program's output, including standard error.
        output: String,
    },
    /// A binary to deploy is missing.
    #[error("{0} is missing: run `cargo build --workspace --bins` first")]
    NotBuilt(PathBuf),
    /// A request to one of the local servers failed.
    #[error("local request: {0}")]
    Request(#[from] reqwest::Error),
    /// A local server answered with an error.
    #[error("{what} answered {status}: {body}")]
    Answer {
        /// The name of the server or function.
        what: String,
        /// The HTTP status of the answer.
        status: u16,
        /// The body of the answer.
        body: String,
    },
    /// A function failed (`X-Amz-Function-Error`).
    #[error("the function {function} failed: {payload}")]
    Function {
        /// The function's name without the stack's prefix.
        function: String,
        /// The function's error as JSON.
        payload: serde_json::Value,
    },
    /// A table of the stack could not be read.
    #[error("reading the table {table}: {reason}")]
    Table {
        /// The name of the table.
        table: String,
        /// The error of DynamoDB's client, with its causes.
        reason: String,
    },
    /// An awaited event took too long.
    #[error("still not done after {seconds} s: {what}")]
    Timeout {
        /// The event that was awaited.
        what: String,
        /// The time limit, in seconds.
        seconds: u64,
    },
    /// A part of the stack panicked.
    #[error("{0}")]
    Panicked(#[from] tokio::task::JoinError),
    /// The stack was dropped while the call was under way.
    #[error("the stack has ended")]
    Ended,
    /// An input has an unexpected form.
    #[error("{what} is not understood: {reason}")]
    Malformed {
        /// The name of the input.
        what: &'static str,
        /// The reason why the input is not understood.
        reason: String,
    },
}

impl Error {
    /// Returns a function for `map_err` that adds the attempted action to an I/O error.
    pub(crate) fn io(what: impl Into<String>) -> impl FnOnce(std::io::Error) -> Self {
        let what = what.into();
        move |source| Self::Io { what, source }
    }
}
