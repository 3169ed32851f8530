//! The answer to a request that did something and has nothing else to return.

use axum::Json;
use serde::Serialize;
use utoipa::ToSchema;

/// Something that was done.
#[derive(Serialize, ToSchema)]
pub(crate) struct Message {
    /// For the person.
    message: String,
}

impl Message {
    pub(crate) fn new(message: impl Into<String>) -> Json<Self> {
        Json(Self {
            message: message.into(),
        })
    }
}
