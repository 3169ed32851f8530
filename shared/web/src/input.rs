//! JSON bodies, whose refusals are problem documents.

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::problem::Problem;

/// Nothing that is sent to us is larger, in bytes.
pub const LARGEST_BODY: usize = 64 * 1024;

/// A JSON body: an object, and nothing else.
pub struct Input<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Input<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        // A type of ours would also be read from an array.
        let object = Json::<Map<String, Value>>::from_request(request, state).await;
        let Json(object) = object.map_err(|rejection| refused_body(&rejection))?;
        serde_json::from_value(Value::Object(object))
            .map(Self)
            .map_err(|_| not_understood())
    }
}

fn refused_body(rejection: &JsonRejection) -> Problem {
    match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => too_large(),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => Problem::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "not_json",
            "リクエストはJSON形式で送信してください。",
        ),
        _ => not_understood(),
    }
}

/// The 413 for a body that is larger than anything we ask for.
pub fn too_large() -> Problem {
    Problem::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        "too_large",
        "リクエストが大きすぎます。",
    )
}

/// Serde's reason is English and quotes what was sent, so it stays here; the document at
/// `/openapi.json` says what is understood.
fn not_understood() -> Problem {
    Problem::bad_request("bad_request", "リクエストの内容が正しくありません。")
}
