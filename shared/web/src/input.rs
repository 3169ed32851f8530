//! JSON bodies of requests. A body that cannot be read is refused with a problem document.

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::problem::Problem;

/// The largest body of a request, in bytes.
pub const LARGEST_BODY: usize = 64 * 1024;

/// Extracts a `T` from a JSON body that is an object.
pub struct Input<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Input<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        // Serde would also read a struct from an array.
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

/// Returns the 413 for a body above [`LARGEST_BODY`].
pub fn too_large() -> Problem {
    Problem::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        "too_large",
        "リクエストが大きすぎます。",
    )
}

/// Returns the 400 for an unreadable body, without serde's reason: that is English and quotes the body.
/// `/openapi.json` documents the bodies.
fn not_understood() -> Problem {
    Problem::bad_request("bad_request", "リクエストの内容が正しくありません。")
}
