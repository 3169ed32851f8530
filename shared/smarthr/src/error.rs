//! What can go wrong in a call to SmartHR, and whether a later call may succeed.

use std::time::Duration;

/// Why a call failed. `Debug` and `Display` show no secret and no person's data: no variant holds a text
/// that SmartHR sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SmartHrError {
    /// 401: the access token has expired or was revoked. The caller refreshes it once and calls again.
    #[error("SmartHR does not accept the access token (401)")]
    Unauthorized,
    /// 403, with SmartHR's own error code: 3 forbidden, 7 plan limit, 15 address not permitted.
    #[error("SmartHR forbids this (403, code {})", shown(*code))]
    Forbidden {
        /// The `code` of SmartHR's error body; `None` when the body has none.
        code: Option<u16>,
    },
    /// 404: SmartHR has no such object.
    #[error("SmartHR knows no such object (404)")]
    NotFound,
    /// Any other 4xx: SmartHR refuses the request.
    #[error("SmartHR refuses the request ({status}, code {})", shown(*code))]
    Rejected {
        /// The HTTP status.
        status: u16,
        /// The `code` of SmartHR's error body; `None` when the body has none.
        code: Option<u16>,
    },
    /// 503 with code 9: announced maintenance, which may last for hours.
    #[error("SmartHR is in maintenance (503, code 9)")]
    Maintenance {
        /// How long SmartHR asks us to wait; `None` when it does not say.
        retry_after: Option<Duration>,
    },
    /// The request limit is used up until after the deadline.
    #[error("SmartHR's request limit is used up")]
    RateLimited {
        /// How long SmartHR asks us to wait; `None` when it does not say.
        retry_after: Option<Duration>,
    },
    /// Any other 5xx: SmartHR failed.
    #[error("SmartHR failed ({status})")]
    ServerError {
        /// The HTTP status.
        status: u16,
        /// How long SmartHR asks us to wait; `None` when it does not say.
        retry_after: Option<Duration>,
    },
    /// There was no complete response.
    #[error("SmartHR was not reached: {0}")]
    Transport(TransportError),
    /// A success whose body is not JSON, such as a proxy's error page or a response cut short.
    #[error("SmartHR's answer is not JSON")]
    BrokenAnswer,
    /// JSON of another shape than the one SmartHR documents.
    #[error("SmartHR's answer has an unexpected shape: {0}")]
    UnexpectedAnswer(&'static str),
    /// The body is larger than any that SmartHR sends.
    #[error("SmartHR's answer is too large")]
    TooLarge,
    /// The deadline passed before the request was sent.
    #[error("there was no time left to ask SmartHR")]
    OutOfTime,
    /// The API's address needs the company's subdomain and there is none, or it is no host label.
    #[error("the company's SmartHR subdomain is missing or malformed")]
    BadSubdomain,
    /// The endpoints or TLS are misconfigured by us.
    #[error("the SmartHR client is misconfigured: {0}")]
    Misconfigured(&'static str),
}

/// Why a request has no complete response.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TransportError {
    /// No connection: the request was certainly not carried out.
    #[error("no connection")]
    NoConnection,
    /// No response came in time: the request may have been carried out.
    #[error("no answer in time")]
    TimedOut,
    /// The connection broke: the request may have been carried out.
    #[error("the answer was cut short")]
    Cut,
}

fn shown(code: Option<u16>) -> String {
    code.map_or_else(|| "none".to_owned(), |code| code.to_string())
}

impl SmartHrError {
    /// Returns whether the same call may succeed later without any intervention.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Maintenance { .. }
            | Self::RateLimited { .. }
            | Self::ServerError { .. }
            | Self::Transport(_)
            | Self::BrokenAnswer
            | Self::OutOfTime => true,
            Self::Unauthorized
            | Self::Forbidden { .. }
            | Self::NotFound
            | Self::Rejected { .. }
            | Self::UnexpectedAnswer(_)
            | Self::TooLarge
            | Self::BadSubdomain
            | Self::Misconfigured(_) => false,
        }
    }

    /// Returns whether SmartHR certainly did not carry the request out, so that even one which must not
    /// happen twice may be repeated.
    pub(crate) fn was_not_carried_out(&self) -> bool {
        matches!(
            self,
            Self::Maintenance { .. }
                | Self::RateLimited { .. }
                | Self::Transport(TransportError::NoConnection)
                | Self::OutOfTime
        )
    }

    /// Returns how long SmartHR asks us to wait before the next request, if it says so.
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Maintenance { retry_after }
            | Self::RateLimited { retry_after }
            | Self::ServerError { retry_after, .. } => *retry_after,
            _ => None,
        }
    }

    /// Returns whether our deadline, and not SmartHR, may be the cause.
    pub(crate) fn is_lack_of_time(&self) -> bool {
        matches!(
            self,
            Self::OutOfTime | Self::Transport(TransportError::TimedOut)
        )
    }

    /// Drops the `reqwest` error, which prints the address.
    pub(crate) fn from_transport(error: &reqwest::Error) -> Self {
        Self::Transport(if error.is_connect() {
            TransportError::NoConnection
        } else if error.is_timeout() {
            TransportError::TimedOut
        } else {
            TransportError::Cut
        })
    }
}
