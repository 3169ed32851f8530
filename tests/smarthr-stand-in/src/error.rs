//! SmartHR's error answers: `{"code", "type", "message", "errors"}`.

use axum::Json;
use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

/// An error answer of SmartHR's API.
#[derive(Debug)]
pub(crate) struct ApiError {
    status: StatusCode,
    code: u8,
    kind: &'static str,
    message: String,
    errors: Value,
}

impl ApiError {
    /// Returns SmartHR's own error of that status.
    pub(crate) fn with_status(status: StatusCode) -> Self {
        let (code, kind, message) = match status {
            StatusCode::UNAUTHORIZED => (2, "unauthorized_token", "無効なアクセストークンです"),
            StatusCode::FORBIDDEN => (3, "forbidden", "アクセス権限がありません"),
            StatusCode::NOT_FOUND => (4, "not_found", "リソースが見つかりません"),
            StatusCode::TOO_MANY_REQUESTS => {
                (6, "too_many_requests", "リクエスト数が上限を超えています")
            }
            StatusCode::SERVICE_UNAVAILABLE => {
                (9, "service_maintenance", "ただいまメンテナンス中です")
            }
            _ if status.is_server_error() => {
                (5, "internal_server_error", "内部エラーが発生しました")
            }
            _ => (1, "bad_request", "不正なリクエストです"),
        };
        Self {
            status,
            code,
            kind,
            message: message.to_owned(),
            errors: Value::Null,
        }
    }

    pub(crate) fn bad_request(message: &str) -> Self {
        Self {
            message: message.to_owned(),
            ..Self::with_status(StatusCode::BAD_REQUEST)
        }
    }

    /// Returns a bad request because of one field of the body.
    pub(crate) fn bad_field(resource: &str, field: &str, message: &str) -> Self {
        Self {
            errors: json!([{"message": message, "resource": resource, "field": field}]),
            ..Self::with_status(StatusCode::BAD_REQUEST)
        }
    }

    pub(crate) fn not_found() -> Self {
        Self::with_status(StatusCode::NOT_FOUND)
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let body = json!({
            "code": self.code,
            "type": self.kind,
            "message": self.message,
            "errors": self.errors,
        });
        (self.status, Json(body)).into_response()
    }
}

impl From<JsonRejection> for ApiError {
    fn from(rejection: JsonRejection) -> Self {
        Self::bad_request(&rejection.body_text())
    }
}

impl From<QueryRejection> for ApiError {
    fn from(rejection: QueryRejection) -> Self {
        Self::bad_request(&rejection.body_text())
    }
}
