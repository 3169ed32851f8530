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
    fn new(status: StatusCode, code: u8, kind: &'static str, message: &str) -> Self {
        Self {
            status,
            code,
            kind,
            message: message.to_owned(),
            errors: Value::Null,
        }
    }

    pub(crate) fn bad_request(message: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, 1, "bad_request", message)
    }

    /// Returns a bad request because of one field of the body.
    pub(crate) fn bad_field(resource: &str, field: &str, message: &str) -> Self {
        let mut error = Self::bad_request("不正なリクエストです");
        error.errors = json!([{"message": message, "resource": resource, "field": field}]);
        error
    }

    pub(crate) fn unauthorized_token() -> Self {
        let message = "無効なアクセストークンです";
        Self::new(StatusCode::UNAUTHORIZED, 2, "unauthorized_token", message)
    }

    pub(crate) fn not_found() -> Self {
        let message = "リソースが見つかりません";
        Self::new(StatusCode::NOT_FOUND, 4, "not_found", message)
    }

    pub(crate) fn too_many_requests() -> Self {
        let message = "リクエスト数が上限を超えています";
        let status = StatusCode::TOO_MANY_REQUESTS;
        Self::new(status, 6, "too_many_requests", message)
    }

    /// Returns SmartHR's own error of that status, for faults that only name one.
    pub(crate) fn with_status(status: StatusCode) -> Self {
        match status {
            StatusCode::UNAUTHORIZED => Self::unauthorized_token(),
            StatusCode::FORBIDDEN => Self::new(status, 3, "forbidden", "アクセス権限がありません"),
            StatusCode::NOT_FOUND => Self::not_found(),
            StatusCode::TOO_MANY_REQUESTS => Self::too_many_requests(),
            StatusCode::SERVICE_UNAVAILABLE => {
                let message = "ただいまメンテナンス中です";
                Self::new(status, 9, "service_maintenance", message)
            }
            _ if status.is_server_error() => {
                let message = "内部エラーが発生しました";
                Self::new(status, 5, "internal_server_error", message)
            }
            _ => Self::new(status, 1, "bad_request", "不正なリクエストです"),
        }
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
