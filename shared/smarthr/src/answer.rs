//! One HTTP answer: read with a bound, then judged.

use reqwest::header::{HeaderMap, LINK};
use reqwest::{Response, StatusCode};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::error::Category;

use crate::error::SmartHrError;
use crate::limits::asked_wait;

/// A page of 100 crews is well under 1 MB; nothing honest is larger than this.
const LARGEST_ANSWER: usize = 20 * 1024 * 1024;

/// SmartHR API: code 9 is `service_maintenance`.
const MAINTENANCE: u16 = 9;

/// An answer with its body, whatever its status.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

/// SmartHR's error body. Its message is left out: it is for people, and may name some.
#[derive(Deserialize)]
struct Problem {
    code: Option<u16>,
}

/// A body as JSON of a documented shape; `what` names it for engineers. Never carries serde's error
/// on: it quotes the value it stumbled over.
pub(crate) fn json<T: DeserializeOwned>(
    body: &[u8],
    what: &'static str,
) -> Result<T, SmartHrError> {
    serde_json::from_slice(body).map_err(|error| match error.classify() {
        Category::Data => SmartHrError::UnexpectedAnswer(what),
        Category::Syntax | Category::Eof | Category::Io => SmartHrError::BrokenAnswer,
    })
}

impl Answer {
    /// Reads the body, piece by piece so that an endless one is noticed in time.
    pub(crate) async fn read(mut response: Response) -> Result<Self, SmartHrError> {
        let announced = response.content_length().unwrap_or(0);
        if announced > LARGEST_ANSWER as u64 {
            return Err(SmartHrError::TooLarge);
        }
        let mut body = Vec::with_capacity(usize::try_from(announced).unwrap_or(0));
        loop {
            match response.chunk().await {
                Ok(Some(piece)) if body.len() + piece.len() > LARGEST_ANSWER => {
                    return Err(SmartHrError::TooLarge);
                }
                Ok(Some(piece)) => body.extend_from_slice(&piece),
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

    /// The answer itself when it is a success, else what the status means.
    pub(crate) fn success(self) -> Result<Self, SmartHrError> {
        if self.status.is_success() {
            return Ok(self);
        }
        let code = serde_json::from_slice::<Problem>(&self.body)
            .ok()
            .and_then(|problem| problem.code);
        let status = self.status.as_u16();
        Err(match status {
            401 => SmartHrError::Unauthorized,
            403 => SmartHrError::Forbidden { code },
            404 => SmartHrError::NotFound,
            429 => SmartHrError::RateLimited {
                retry_after: asked_wait(&self.headers),
            },
            503 if code == Some(MAINTENANCE) => SmartHrError::Maintenance,
            500.. => SmartHrError::ServerError { status },
            _ => SmartHrError::Rejected { status, code },
        })
    }

    /// The body as JSON of a documented shape; see [`json`].
    pub(crate) fn json<T: DeserializeOwned>(&self, what: &'static str) -> Result<T, SmartHrError> {
        json(&self.body, what)
    }

    /// `x-total-count`: how many things a list has over all its pages.
    pub(crate) fn total_count(&self) -> Option<usize> {
        let total = self.headers.get("x-total-count")?;
        total.to_str().ok()?.trim().parse().ok()
    }

    /// Whether `Link` names a page after this one (RFC 8288, rel "next").
    pub(crate) fn has_next(&self) -> bool {
        self.headers
            .get_all(LINK)
            .iter()
            .filter_map(|links| links.to_str().ok())
            .any(|links| links.contains("rel=\"next\"") || links.contains("rel=next"))
    }
}
