//! Problem documents: the error answers of the HTTP API (RFC 9457).

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use storage::StoreError;

/// An error answer: `application/problem+json` with `type`, `title`, `status`, `detail` and `code`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The HTTP status of the error answer.
    pub status: StatusCode,
    /// A stable identifier for programs, in snake_case.
    pub code: &'static str,
    /// What happened and what the user can do, in Japanese.
    pub detail: String,
    /// The seconds for `Retry-After`; `None` when waiting does not help.
    pub retry_after: Option<u64>,
}

/// The code of the problem that a response tells of, as an extension of the response, for logs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProblemCode(pub &'static str);

#[derive(Serialize)]
struct Body<'a> {
    r#type: &'static str,
    title: &'static str,
    status: u16,
    detail: &'a str,
    code: &'static str,
}

impl Problem {
    /// Creates a problem without `Retry-After`.
    pub fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        Self {
            status,
            code,
            detail: detail.into(),
            retry_after: None,
        }
    }

    /// Returns the 400 for a request that cannot be understood or asks for something impossible.
    pub fn bad_request(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, detail)
    }

    /// Returns the 401 for a request without a session.
    pub fn not_signed_in() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "not_signed_in",
            "ログインしてください。",
        )
    }

    /// Returns the 403 for a signed-in user who may not do this.
    pub fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden", detail)
    }

    /// Returns the 404 for something that this workspace does not have.
    pub fn not_found(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", detail)
    }

    /// Returns the 409 for a request that the present state does not allow.
    pub fn conflict(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, code, detail)
    }

    /// Returns the 429 for a request that came too soon; `retry_after` is in seconds.
    pub fn too_many_requests(retry_after: u64, detail: impl Into<String>) -> Self {
        Self {
            retry_after: Some(retry_after),
            ..Self::new(StatusCode::TOO_MANY_REQUESTS, "too_many_requests", detail)
        }
    }

    /// Returns the 500 for a stored record whose shape this version does not know.
    pub fn unreadable() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", UNREADABLE)
    }

    /// Returns the 500 for a failure of our own. Its cause belongs in the log, never in the answer.
    pub fn internal() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "KiteRaのシステムでエラーが発生しました。時間をおいてもう一度お試しください。",
        )
    }
}

/// What somebody learns when a stored record has a shape that this version does not know.
pub const UNREADABLE: &str = "当社側の内部エラーにより、登録されている情報の一部を読み取れません。お客様による操作は必要ありません。当社で復旧するまでお待ちください。お急ぎの場合はサポートにお問い合わせください。";

/// Converts a failed read or write into an answer for the client, and logs the details that the client
/// must not learn.
impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict(_) => Self::conflict(
                "changed_meanwhile",
                "ほかの操作と重なったため、保存できませんでした。画面を更新して、もう一度お試しください。",
            ),
            StoreError::SeatsFull => Self::conflict(
                "seats_exceeded",
                "KiteRaで契約しているプランのユーザー数を超過しています。",
            ),
            StoreError::Unavailable { .. } => {
                tracing::error!(%error, "answered 503");
                Self {
                    retry_after: Some(5),
                    ..Self::new(
                        StatusCode::SERVICE_UNAVAILABLE,
                        "unavailable",
                        "ただいま混み合っています。時間をおいてもう一度お試しください。",
                    )
                }
            }
            StoreError::Corrupt { .. } => {
                tracing::error!(%error, "answered 500");
                Self::unreadable()
            }
            StoreError::Fenced => {
                tracing::error!(%error, "answered 500");
                Self::internal()
            }
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = Body {
            r#type: "about:blank",
            title: self.status.canonical_reason().unwrap_or("Error"),
            status: self.status.as_u16(),
            detail: &self.detail,
            code: self.code,
        };
        let mut response = (self.status, axum::Json(body)).into_response();
        response.headers_mut().insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        response.extensions_mut().insert(ProblemCode(self.code));
        if let Some(seconds) = self.retry_after {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_is_what_rfc_9457_says() {
        let response = Problem::too_many_requests(30, "お待ちください。").into_response();
        assert_eq!(response.status(), StatusCode::TOO_MANY_REQUESTS);
        let headers = response.headers();
        assert_eq!(headers["content-type"], "application/problem+json");
        assert_eq!(headers["retry-after"], "30");
    }

    #[test]
    fn what_aws_says_does_not_reach_the_client() {
        let problem = Problem::from(StoreError::Unavailable {
            operation: "GetItem",
            code: "AccessDenied".into(),
            message: "arn:aws:iam::123".into(),
        });
        assert_eq!(problem.status, StatusCode::SERVICE_UNAVAILABLE);
        assert!(!problem.detail.contains("arn"));
    }
}
