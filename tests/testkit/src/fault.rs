//! Faults of single calls.

use std::io;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde_json::json;

use crate::services::{SEND_MAIL, ses_refusal};

/// What goes wrong with a call.
#[derive(Clone, Debug)]
pub enum Fault {
    /// The call is refused with this status and this name of the error (`__type`).
    Refused(u16, &'static str),
    /// A DynamoDB transaction is cancelled, because another one works on its items.
    TransactionConflict,
    /// A DynamoDB transaction is cancelled, because a table is too busy.
    TransactionThrottled,
    /// The call is carried out, and the connection breaks before the response.
    AnswerLost,
    /// The call takes longer by this time.
    Slow(Duration),
}

/// A fault for `times` calls whose operation contains `operation`, after `after` others of them.
#[derive(Debug)]
pub(crate) struct InjectedFault {
    pub(crate) operation: String,
    pub(crate) after: usize,
    pub(crate) times: usize,
    pub(crate) fault: Fault,
}

impl Fault {
    /// Returns the response to a call that is not carried out; `None` if it is.
    pub(crate) fn refusal(&self, operation: &str) -> Option<Response> {
        match self {
            Self::Refused(_, name) if operation == SEND_MAIL => Some(ses_refusal(name, "refused")),
            Self::Refused(status, name) => Some(error(*status, &json!({ "__type": name }))),
            Self::TransactionConflict => Some(cancelled("TransactionConflict")),
            Self::TransactionThrottled => Some(cancelled("ThrottlingError")),
            Self::AnswerLost | Self::Slow(_) => None,
        }
    }

    /// Returns what arrives of the response to a call that was carried out.
    pub(crate) fn apply_to(&self, response: Response) -> Response {
        match self {
            Self::AnswerLost => Response::new(broken_body()),
            _ => response,
        }
    }
}

/// Returns a body that fails at once, which makes the server close the connection.
fn broken_body() -> Body {
    let broken = Err::<Bytes, _>(io::Error::from(io::ErrorKind::ConnectionReset));
    Body::from_stream(stream::iter([broken]))
}

/// Returns the answer to a transaction that was cancelled for this reason.
fn cancelled(reason: &str) -> Response {
    let name = "com.amazonaws.dynamodb.v20120810#TransactionCanceledException";
    let reasons = json!([{ "Code": reason }]);
    error(
        400,
        &json!({ "__type": name, "CancellationReasons": reasons }),
    )
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
