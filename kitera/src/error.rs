//! What the operator reads when a command cannot be carried out.

use aws_sdk_lambda::error::{ProvideErrorMetadata, SdkError};
use lambda::sdk::SdkSetupError;
use storage::StoreError;

/// Why a command was not carried out, and what to do about it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum KiteraError {
    #[error(
        "no stack: name one with --stack NAME, or start one on this machine with `make run` and set AWS_ENDPOINT_URL \
         to what its line `AWS:` says"
    )]
    NoStack,
    #[error("the AWS clients cannot be set up: {0}")]
    Sdk(#[from] SdkSetupError),
    #[error(
        "CloudFormation does not describe the stack {stack}: {why}\n\
         Are the credentials in the environment, valid, and of its account and region ({region})? \
         `eval \"$(aws configure export-credentials --format env)\"` puts those of a profile there."
    )]
    Stack {
        stack: String,
        region: String,
        why: String,
    },
    #[error(
        "the stack has no output {0}: is it one of KiteRa × SmartHR, deployed from this version's template?"
    )]
    Output(&'static str),
    #[error("no workspace has the company code or id {0:?}: `kitera workspaces` lists all")]
    NoSuchWorkspace(String),
    #[error("that is not {0}: nothing was done")]
    OtherCode(&'static str),
    #[error("DynamoDB refuses {what} {table}: {why}")]
    Table {
        what: &'static str,
        table: String,
        why: String,
    },
    #[error("{what} cannot be asked for: {why}")]
    InvalidRequest { what: &'static str, why: String },
    #[error("{function} was not invoked: {why}")]
    NotInvoked { function: &'static str, why: String },
    #[error("{function} refused or failed: {why}")]
    Function { function: &'static str, why: String },
    #[error("{0}")]
    Refused(String),
    #[error("{0}")]
    Store(#[from] StoreError),
}

impl KiteraError {
    /// Converts an error of Lambda itself, not of the function.
    pub(crate) fn not_invoked<E, R>(function: &'static str, error: &SdkError<E, R>) -> Self
    where
        E: std::error::Error + ProvideErrorMetadata + 'static,
        R: std::fmt::Debug + 'static,
    {
        let why = why(error);
        Self::NotInvoked { function, why }
    }

    /// Converts an error of DynamoDB about a table as a whole; `what` is what was done to it.
    pub(crate) fn table<E, R>(what: &'static str, table: &str, error: &SdkError<E, R>) -> Self
    where
        E: std::error::Error + ProvideErrorMetadata + 'static,
        R: std::fmt::Debug + 'static,
    {
        let (table, why) = (table.to_owned(), why(error));
        Self::Table { what, table, why }
    }

    /// Converts an error of the SDK about a stack.
    pub(crate) fn stack<E, R>(stack: &str, region: &str, error: &SdkError<E, R>) -> Self
    where
        E: std::error::Error + ProvideErrorMetadata + 'static,
        R: std::fmt::Debug + 'static,
    {
        Self::Stack {
            stack: stack.to_owned(),
            region: region.to_owned(),
            why: why(error),
        }
    }
}

/// Returns AWS's words, or the cause of a request that was not sent or not answered.
fn why<E, R>(error: &SdkError<E, R>) -> String
where
    E: std::error::Error + ProvideErrorMetadata + 'static,
    R: std::fmt::Debug + 'static,
{
    if let Some(message) = error.message() {
        return message.to_owned();
    }
    let mut cause: &dyn std::error::Error = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}
