//! A server whose responses are defined by each test.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::Query;
use axum::http::{Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use smarthr::{ApiAccess, Client, Session};
use tokio::net::TcpListener;

use crate::client_of;

/// A request that the server received.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    /// The number of earlier requests.
    pub(crate) nth: usize,
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) query: HashMap<String, String>,
    pub(crate) body: Value,
}

impl Seen {
    pub(crate) fn page(&self) -> usize {
        self.query["page"].parse().unwrap()
    }
}

/// A running server and the requests that it received.
pub(crate) struct Fake {
    pub(crate) base_url: String,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Fake {
    pub(crate) async fn start(answer: impl Fn(&Seen) -> Response + Send + Sync + 'static) -> Self {
        let seen: Arc<Mutex<Vec<Seen>>> = Arc::default();
        let requests = Arc::clone(&seen);
        let answer = Arc::new(answer);
        let handler = async move |method: Method,
                                  uri: Uri,
                                  Query(query): Query<HashMap<String, String>>,
                                  body: Bytes| {
            let mut requests = requests.lock().unwrap();
            let request = Seen {
                nth: requests.len(),
                method,
                path: uri.path().to_owned(),
                query,
                body: serde_json::from_slice(&body).unwrap_or(Value::Null),
            };
            requests.push(request.clone());
            answer(&request)
        };
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let base_url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async { axum::serve(listener, Router::new().fallback(handler)).await });
        Self { base_url, seen }
    }

    /// Returns a session with a new client.
    pub(crate) fn session(&self) -> Session {
        session(&client_of(&self.base_url))
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }
}

pub(crate) fn session(client: &Client) -> Session {
    let access = ApiAccess {
        access_token: "very-secret".into(),
        subdomain: None,
    };
    client.session(access).unwrap()
}

/// Returns a page of a list with the total in its header.
pub(crate) fn page(total: usize, entries: &[Value]) -> Response {
    let headers = [("x-total-count", total.to_string())];
    (headers, axum::Json(entries)).into_response()
}

/// Returns the crews with the numbers `from..to`.
pub(crate) fn crews(from: usize, to: usize) -> Vec<Value> {
    let crew = |number| {
        json!({
            "id": format!("crew-{number:05}"), "emp_code": format!("{number:05}"),
            "emp_status": "employed", "email": format!("p{number}@example.jp"),
            "last_name": "佐藤", "first_name": format!("{number}子"), "custom_fields": [],
        })
    };
    (from..to).map(crew).collect()
}

/// Returns an error response in SmartHR's format.
pub(crate) fn problem(status: u16, code: u16) -> Response {
    let body = json!({"code": code, "type": "t", "message": "m", "errors": null});
    (StatusCode::from_u16(status).unwrap(), axum::Json(body)).into_response()
}
