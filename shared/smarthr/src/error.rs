//! What can go wrong in a call to SmartHR. Each error decides its fate: try later, or tell somebody.

use std::time::Duration;

/// Why a call failed. Neither `Debug` nor `Display` can hold a secret or a person's data: the
/// variants have no room for texts that came over the wire.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SmartHrError {
    /// 401: the access token is dead. The caller refreshes it once and calls again.
    #[error("SmartHR does not accept the access token (401)")]
    Unauthorized,
    /// 403, with SmartHR's own error code: 3 forbidden, 7 plan limit, 15 address not permitted.
    #[error("SmartHR forbids this (403, code {code:?})")]
    Forbidden {
        /// `code` of SmartHR's error body, when there was one.
        code: Option<u16>,
    },
    /// 404.
    #[error("SmartHR knows no such object (404)")]
    NotFound,
    /// Any other answer that refuses the request as it stands.
    #[error("SmartHR refuses the request ({status}, code {code:?})")]
    Rejected {
        /// HTTP status.
        status: u16,
        /// `code` of SmartHR's error body, when there was one.
        code: Option<u16>,
    },
    /// 503 with code 9: announced maintenance, which may last for hours.
    #[error("SmartHR is in maintenance (503, code 9)")]
    Maintenance,
    /// The request limit is used up, and does not come back before the deadline.
    #[error("SmartHR's request limit is used up")]
    RateLimited {
        /// How long SmartHR wants us to wait, when it says so.
        retry_after: Option<Duration>,
    },
    /// Any other 5xx.
    #[error("SmartHR failed ({status})")]
    ServerError {
        /// HTTP status.
        status: u16,
    },
    /// No whole answer came.
    #[error("SmartHR was not reached: {0}")]
    SdkSetupError(Trouble),
    /// A success whose body is not JSON, as a proxy's error page or an answer cut short.
    #[error("SmartHR's answer is not JSON")]
    BrokenAnswer,
    /// JSON of another shape than the one SmartHR documents.
    #[error("SmartHR's answer has an unexpected shape: {0}")]
    UnexpectedAnswer(&'static str),
    /// An answer larger than any honest one.
    #[error("SmartHR's answer is too large")]
    TooLarge,
    /// The deadline passed before the request was sent.
    #[error("there was no time left to ask SmartHR")]
    OutOfTime,
    /// The API's address needs the company's subdomain and there is none, or it is no host label.
    #[error("the company's SmartHR subdomain is missing or malformed")]
    BadSubdomain,
    /// The endpoints or the TLS set-up are unusable: a mistake in our configuration.
    #[error("the SmartHR client is misconfigured: {0}")]
    Misconfigured(&'static str),
}

/// How a request failed to bring an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// No connection: the request was certainly not carried out.
    #[error("no connection")]
    NoConnection,
    /// No answer in time: the request may have been carried out.
    #[error("no answer in time")]
    TimedOut,
    /// The connection broke in the middle: the request may have been carried out.
    #[error("the answer was cut short")]
    Cut,
}

impl SmartHrError {
    /// Whether the same call can succeed later without anybody doing anything.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Maintenance
            | Self::RateLimited { .. }
            | Self::ServerError { .. }
            | Self::SdkSetupError(_)
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

    /// Whether SmartHR certainly did not carry the request out, so that even one which must not
    /// happen twice may be sent again.
    pub(crate) fn was_not_carried_out(&self) -> bool {
        matches!(
            self,
            Self::Maintenance
                | Self::RateLimited { .. }
                | Self::SdkSetupError(Trouble::NoConnection)
                | Self::OutOfTime
        )
    }

    /// Whether it may be our deadline, not SmartHR, that this tells about.
    pub(crate) fn is_lack_of_time(&self) -> bool {
        matches!(
            self,
            Self::OutOfTime | Self::SdkSetupError(Trouble::TimedOut)
        )
    }

    /// Never carries the `reqwest` error on: it prints the address.
    pub(crate) fn from_transport(error: &reqwest::Error) -> Self {
        Self::SdkSetupError(if error.is_connect() {
            Trouble::NoConnection
        } else if error.is_timeout() {
            Trouble::TimedOut
        } else {
            Trouble::Cut
        })
    }
}
