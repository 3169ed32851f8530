//! What can go wrong with single calls to AWS, on order.

use std::time::Duration;

use axum::body::Body;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::cut_body::CutBody;

/// What happens to a call.
#[derive(Clone, Debug)]
pub enum Mishap {
    /// It is refused with this status, and as AWS names the error (`__type`).
    Refused(u16, &'static str),
    /// A transaction is cancelled since another one is at its items.
    TransactionConflict,
    /// It is carried out, and the connection breaks before the answer.
    AnswerLost,
    /// It takes so much longer.
    Slow(Duration),
}

/// An order: the calls whose operation contains `operation`, `times` of them after `after` others.
#[derive(Debug)]
pub(crate) struct Order {
    pub(crate) operation: String,
    pub(crate) after: usize,
    pub(crate) times: usize,
    pub(crate) mishap: Mishap,
}

impl Mishap {
    /// The answer without anything being done, if that is what happens.
    pub(crate) fn refusal(&self) -> Option<Response> {
        match self {
            Self::Refused(status, name) => Some(error(*status, &json!({ "__type": name }))),
            Self::TransactionConflict => Some(error(
                400,
                &json!({
                    "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
                    "CancellationReasons": [{ "Code": "TransactionConflict" }],
                }),
            )),
            Self::AnswerLost | Self::Slow(_) => None,
        }
    }

    /// What arrives of an answer.
    pub(crate) fn spoil(&self, answer: Response) -> Response {
        match self {
            Self::AnswerLost => Response::new(Body::new(CutBody)),
            _ => answer,
        }
    }
}

fn error(status: u16, body: &serde_json::Value) -> Response {
    let status = StatusCode::from_u16(status).unwrap();
    let name = body["__type"].as_str().unwrap();
    let headers = [
        ("content-type", "application/x-amz-json-1.0"),
        ("x-amzn-errortype", name),
    ];
    (status, headers, body.to_string()).into_response()
}
