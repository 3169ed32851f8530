//! What can go wrong with AWS, by what is to be done about it.

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};

/// Why a read or a write was not done.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A condition did not hold: somebody else wrote in between. Read again and decide anew.
    #[error("somebody else wrote first: {0}")]
    Conflict(&'static str),
    /// The lease went to somebody else: stop, the other one goes on.
    #[error("the lease of this run went to another invocation")]
    Fenced,
    /// The workspace has no free seat.
    #[error("no free seat")]
    SeatsFull,
    /// AWS did not do it, after the retries of the SDK. Whether a write happened is unknown.
    #[error("AWS refused {operation}: {code}: {message}")]
    Unavailable {
        /// What was tried.
        operation: &'static str,
        /// AWS's error code, or the kind of failure when no answer came.
        code: String,
        /// AWS's message. AWS does not put values of ours into it, except in validation errors.
        message: String,
    },
    /// Something stored is not what this version understands.
    #[error("stored {what} cannot be read: {why}")]
    Corrupt {
        /// What kind of thing.
        what: &'static str,
        /// What is wrong with it.
        why: String,
    },
}

impl StoreError {
    /// Turns the SDK's error into ours.
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

    /// The same without what may be an address: SES names those that it refuses.
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

    /// Turns a failed conversion of an item into ours. What serde says may quote the item, which is
    /// somebody's data.
    pub(crate) fn corrupt<E>(what: &'static str) -> impl FnOnce(E) -> Self {
        move |_| Self::Corrupt {
            what,
            why: "its shape is not the one that this version writes".to_owned(),
        }
    }

    /// Whether AWS will say the same next time: the request itself is wrong, or we may not make it.
    pub fn is_lasting(&self) -> bool {
        matches!(
            self.code(),
            Some("ValidationException" | "AccessDeniedException" | "ResourceNotFoundException")
        )
    }

    /// The AWS error code, when AWS refused.
    pub(crate) fn code(&self) -> Option<&str> {
        match self {
            Self::Unavailable { code, .. } => Some(code),
            _ => None,
        }
    }

    /// Whether a condition of a single write did not hold.
    pub(crate) fn is_condition(&self) -> bool {
        self.code() == Some("ConditionalCheckFailedException")
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
