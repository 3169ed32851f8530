use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::body::Body;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use crate::Request;

/// The number of requests so far: each has an id of its own.
static REQUESTS: AtomicU64 = AtomicU64::new(1);

impl Request {
    /// Returns the request as a function reads it from the event of API Gateway (HTTP API, payload format 2.0).
    pub(crate) fn into_http(self) -> axum::http::Request<Body> {
        let (path, query) = self.path.split_once('?').unwrap_or((&self.path, ""));
        let headers = self.headers.into_iter();
        let (cookies, headers): (Vec<_>, Vec<_>) = headers.partition(|(name, _)| name == "cookie");
        let cookies: Vec<String> = cookies.into_iter().map(|(_, value)| value).collect();
        let headers: BTreeMap<String, String> = headers.into_iter().collect();
        let (body, is_base64) = match String::from_utf8(self.body) {
            Ok(text) => (text, false),
            Err(binary) => (STANDARD.encode(binary.as_bytes()), true),
        };
        // Ids sort by time, as what happens within one moment is shown in their order.
        let request_id = format!("{:08}", REQUESTS.fetch_add(1, Ordering::Relaxed));
        let event = json!({
            "version": "2.0", "routeKey": "$default", "rawPath": path, "rawQueryString": query,
            "cookies": cookies, "headers": headers, "body": body, "isBase64Encoded": is_base64,
            "requestContext": {
                "accountId": "1", "apiId": "api", "domainName": "localhost", "domainPrefix": "app",
                "requestId": request_id, "routeKey": "$default", "stage": "$default", "time": "", "timeEpoch": 0,
                "http": {
                    "method": self.method, "path": path, "protocol": "HTTP/1.1",
                    "sourceIp": self.source, "userAgent": "test"
                }
            }
        });
        let request = lambda_http::request::from_str(&event.to_string()).unwrap();
        request.map(|body| Body::from(body.to_vec()))
    }
}
