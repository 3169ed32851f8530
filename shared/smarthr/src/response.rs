//! One HTTP response: read up to a limit, then judged by its status.

use reqwest::header::{HeaderMap, LINK};
use reqwest::{Response, StatusCode};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::error::Category;

use crate::error::SmartHrError;
use crate::lossy_json::valid_json_lossy;
use crate::rate_limit_windows::requested_wait;

/// The largest body that is read. A page of 100 crews is well under 1 MB.
const LARGEST_BODY: usize = 20 * 1024 * 1024;

/// SmartHR's error code `service_maintenance`.
const MAINTENANCE: u16 = 9;

/// A response with its body, whatever its status.
pub(crate) struct ApiResponse {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

/// SmartHR's error body. Its message, which is for people and may name some, is left out.
#[derive(Deserialize)]
struct Problem {
    code: Option<u16>,
}

/// Something that is read from the body of a response.
pub(crate) trait FromJson: Sized {
    /// Parses a body; `what` names it for engineers.
    fn from_json(body: &[u8], what: &'static str) -> Result<Self, SmartHrError>;
}

impl<T: DeserializeOwned> FromJson for T {
    fn from_json(body: &[u8], what: &'static str) -> Result<Self, SmartHrError> {
        json(body, what)
    }
}

/// Parses a body as JSON of a documented shape; `what` names it for engineers. Drops serde's error,
/// which quotes the value.
pub(crate) fn json<T: DeserializeOwned>(
    body: &[u8],
    what: &'static str,
) -> Result<T, SmartHrError> {
    let parsed = serde_json::from_slice(body);
    let parsed = match parsed {
        Err(error) if error.is_syntax() => serde_json::from_str(&valid_json_lossy(body)),
        parsed => parsed,
    };
    parsed.map_err(|error| match error.classify() {
        Category::Data => SmartHrError::UnexpectedAnswer(what),
        Category::Syntax | Category::Eof | Category::Io => SmartHrError::BrokenAnswer,
    })
}

impl ApiResponse {
    /// Reads the body in chunks, so that an endless one is noticed in time.
    pub(crate) async fn read(mut response: Response) -> Result<Self, SmartHrError> {
        let content_length = response.content_length().unwrap_or(0);
        if content_length > LARGEST_BODY as u64 {
            return Err(SmartHrError::TooLarge);
        }
        let mut body = Vec::with_capacity(usize::try_from(content_length).unwrap_or(0));
        loop {
            match response.chunk().await {
                Ok(Some(chunk)) if body.len() + chunk.len() > LARGEST_BODY => {
                    return Err(SmartHrError::TooLarge);
                }
                Ok(Some(chunk)) => body.extend_from_slice(&chunk),
                Ok(None) => break,
                Err(error) => return Err(SmartHrError::from_transport(&error)),
            }
        }
        Ok(Self {
            status: response.status(),
            headers: std::mem::take(response.headers_mut()),
            body,
        })
    }

    /// Returns the response itself when it is a success, else the error that its status means.
    pub(crate) fn success(self) -> Result<Self, SmartHrError> {
        if self.status.is_success() {
            return Ok(self);
        }
        let code = serde_json::from_slice::<Problem>(&self.body)
            .ok()
            .and_then(|problem| problem.code);
        let status = self.status.as_u16();
        let retry_after = requested_wait(&self.headers);
        Err(match status {
            401 => SmartHrError::Unauthorized,
            403 => SmartHrError::Forbidden { code },
            404 => SmartHrError::NotFound,
            429 => SmartHrError::RateLimited { retry_after },
            503 if code == Some(MAINTENANCE) => SmartHrError::Maintenance { retry_after },
            500.. => SmartHrError::ServerError {
                status,
                retry_after,
            },
            _ => SmartHrError::Rejected { status, code },
        })
    }

    /// Parses the body as JSON; see [`json`].
    pub(crate) fn json<T: FromJson>(&self, what: &'static str) -> Result<T, SmartHrError> {
        T::from_json(&self.body, what)
    }

    /// Returns `x-total-count`: the number of entries on all pages of a list.
    pub(crate) fn total_count(&self) -> Option<usize> {
        let total = self.headers.get("x-total-count")?;
        total.to_str().ok()?.trim().parse().ok()
    }

    /// Returns whether `Link` names a page after this one (RFC 8288, rel "next").
    pub(crate) fn has_next(&self) -> bool {
        self.headers
            .get_all(LINK)
            .iter()
            .filter_map(|links| links.to_str().ok())
            .any(|links| links.contains("rel=\"next\"") || links.contains("rel=next"))
    }
}
