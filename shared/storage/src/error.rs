//! Failures of AWS calls, by what the caller can do about them.

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};

/// Why a read or a write failed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A condition did not hold because another writer was faster. The caller reads and decides
    /// again.
    #[error("somebody else wrote first: {0}")]
    Conflict(&'static str),
    /// Another invocation has the lease. The caller stops; the other one continues.
    #[error("the lease of this run went to another invocation")]
    Fenced,
    /// The workspace has no free seat.
    #[error("no free seat")]
    SeatsFull,
    /// AWS refused or did not answer, after the retries of the SDK. Whether a write happened is
    /// unknown.
    #[error("AWS refused {operation}: {code}: {message}")]
    Unavailable {
        /// The API operation, such as `GetItem`.
        operation: &'static str,
        /// AWS's error code, or the kind of failure when no answer came.
        code: String,
        /// AWS's message. Only validation errors quote values of ours in it.
        message: String,
    },
    /// A stored record has a shape that this version does not know.
    #[error("stored {what} cannot be read: {why}")]
    Corrupt {
        /// The kind of record, such as `session`.
        what: &'static str,
        /// What is wrong with it, without quoting it.
        why: String,
    },
}

impl StoreError {
    /// Converts an error of the SDK.
    pub(crate) fn from_sdk<E, R>(operation: &'static str) -> impl FnOnce(SdkError<E, R>) -> Self
    where
        E: ProvideErrorMetadata,
    {
        move |error| {
            let (code, message) = match error.as_service_error() {
                Some(service) => (
                    service.code().unwrap_or("unknown").to_owned(),
                    service.message().unwrap_or_default().to_owned(),
                ),
                None => match &error {
                    SdkError::TimeoutError(_) => ("timeout".to_owned(), String::new()),
                    SdkError::DispatchFailure(_) => ("no connection".to_owned(), String::new()),
                    SdkError::ResponseError(_) => ("broken answer".to_owned(), String::new()),
                    _ => ("not sent".to_owned(), String::new()),
                },
            };
            Self::Unavailable {
                operation,
                code,
                message,
            }
        }
    }

    /// Replaces what may be an e-mail address in the message: SES names those that it refuses.
    pub(crate) fn without_addresses(self) -> Self {
        match self {
            Self::Unavailable {
                operation,
                code,
                message,
            } => Self::Unavailable {
                operation,
                code,
                message: message
                    .split(' ')
                    .map(|word| {
                        if word.contains('@') {
                            "(address)"
                        } else {
                            word
                        }
                    })
                    .collect::<Vec<_>>()
                    .join(" "),
            },
            other => other,
        }
    }

    /// Converts an error of serde, whose message may quote personal data and is dropped.
    pub(crate) fn corrupt<E>(what: &'static str) -> impl FnOnce(E) -> Self {
        move |_| Self::Corrupt {
            what,
            why: "its shape is not the one that this version writes".to_owned(),
        }
    }

    /// Converts the error of a request that the SDK or serde could not build.
    pub(crate) fn invalid_request(error: impl std::fmt::Display) -> Self {
        Self::Corrupt {
            what: "write",
            why: error.to_string(),
        }
    }

    /// Returns whether a retry cannot help: the request itself is wrong, or not permitted.
    pub fn is_lasting(&self) -> bool {
        matches!(
            self.code(),
            Some("ValidationException" | "AccessDeniedException" | "ResourceNotFoundException")
        )
    }

    /// Returns whether a stored record cannot be read, which concerns that record alone.
    pub fn is_unreadable(&self) -> bool {
        matches!(self, Self::Corrupt { .. })
    }

    /// Returns AWS's error code, if AWS refused.
    pub(crate) fn code(&self) -> Option<&str> {
        match self {
            Self::Unavailable { code, .. } => Some(code),
            _ => None,
        }
    }
}

/// Returns the answer to a conditional write, or `None` if its condition did not hold.
pub(crate) fn if_condition_held<T, E: ProvideErrorMetadata, R>(
    operation: &'static str,
    answer: Result<T, SdkError<E, R>>,
) -> Result<Option<T>, StoreError> {
    match answer.map_err(StoreError::from_sdk(operation)) {
        Ok(answer) => Ok(Some(answer)),
        Err(error) if error.code() == Some("ConditionalCheckFailedException") => Ok(None),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_ses_refuses_is_not_named() {
        let error = StoreError::Unavailable {
            operation: "SendRawEmail",
            code: "MessageRejected".into(),
            message: "Email address is not verified: hanako@example.com, \"b@example.com\"".into(),
        };
        let text = error.without_addresses().to_string();
        assert!(
            text.ends_with("is not verified: (address) (address)"),
            "{text}"
        );
    }
}
