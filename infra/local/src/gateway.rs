//! The product's address: the API, and the endpoints `/_local/…` that only a local stack has.

use std::net::TcpListener;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::json;

use crate::night::Nights;
use crate::{Error, Mail, Night};

/// The largest request of API Gateway, in bytes.
const LARGEST_BODY: usize = 10 * 1024 * 1024;

/// Headers that are not forwarded: those of the connection, not of the message (RFC 9110, 7.6.1), and
/// those that the next sender sets itself.
const NOT_FORWARDED: [HeaderName; 5] = [
    header::CONNECTION,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
    header::CONTENT_LENGTH,
    header::HOST,
];

#[derive(Clone)]
struct Gateway {
    nights: Nights,
    api_host: String,
}

/// Returns the routes of the product's address; `api_id` is the API in ministack behind it.
pub(crate) fn routes(nights: Nights, api_id: &str) -> Router {
    // ministack finds an API by its host name.
    let api_host = format!("{api_id}.execute-api.localhost");
    Router::new()
        .route("/_local/mails", get(mails))
        .route("/_local/clock", post(clock))
        .route("/_local/night", post(night))
        .fallback(api)
        .with_state(Gateway { nights, api_host })
}

/// Serves the routes until the runtime ends.
///
/// # Errors
/// The listener cannot be used.
pub(crate) async fn serve(listener: TcpListener, routes: Router) -> std::io::Result<()> {
    axum::serve(tokio::net::TcpListener::from_std(listener)?, routes).await
}

/// Returns all mails so far. Waits first for mails that are being delivered.
async fn mails(State(gateway): State<Gateway>) -> Result<Json<Vec<Mail>>, Error> {
    gateway.nights.mails_arrived().await?;
    Ok(Json(gateway.nights.mailbox.mails()))
}

#[derive(Deserialize)]
struct Advance {
    advance_seconds: u64,
}

async fn clock(
    State(gateway): State<Gateway>,
    Json(advance): Json<Advance>,
) -> Result<Json<serde_json::Value>, Error> {
    let now = gateway
        .nights
        .clock
        .advance(Duration::from_secs(advance.advance_seconds))?;
    Ok(Json(json!({ "now": now })))
}

async fn night(State(gateway): State<Gateway>) -> Result<Json<Night>, Error> {
    gateway.nights.night().await.map(Json)
}

/// Forwards all other requests to API Gateway, unchanged.
async fn api(State(gateway): State<Gateway>, request: Request) -> Result<Response, Error> {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, LARGEST_BODY)
        .await
        .map_err(|error| Error::Malformed {
            what: "the request's body",
            reason: error.to_string(),
        })?;
    let target = parts
        .uri
        .path_and_query()
        .map_or("/", |target| target.as_str());
    let answer = gateway
        .nights
        .http
        .request(parts.method, format!("{}{target}", gateway.nights.endpoint))
        .headers(forwarded(&parts.headers))
        .header(header::HOST, gateway.api_host)
        .body(body)
        .send()
        .await?;

    let mut response = Response::new(Body::empty());
    *response.status_mut() = answer.status();
    *response.headers_mut() = forwarded(answer.headers());
    *response.body_mut() = Body::from(answer.bytes().await?);
    Ok(response)
}

fn forwarded(headers: &HeaderMap<HeaderValue>) -> HeaderMap {
    let mut headers = headers.clone();
    for name in NOT_FORWARDED {
        headers.remove(name);
    }
    headers
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        (StatusCode::BAD_GATEWAY, self.to_string()).into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cookie_is_forwarded_and_headers_of_the_connection_are_not() {
        let mut headers = HeaderMap::new();
        headers.append(header::SET_COOKIE, HeaderValue::from_static("a=1; Path=/"));
        headers.append(
            header::SET_COOKIE,
            HeaderValue::from_static("b=2; HttpOnly"),
        );
        headers.insert(header::LOCATION, HeaderValue::from_static("/sign-in"));
        headers.insert(
            header::TRANSFER_ENCODING,
            HeaderValue::from_static("chunked"),
        );

        let forwarded = forwarded(&headers);

        assert_eq!(forwarded.get_all(header::SET_COOKIE).iter().count(), 2);
        assert_eq!(forwarded[header::LOCATION], "/sign-in");
        assert!(!forwarded.contains_key(header::TRANSFER_ENCODING));
    }
}
