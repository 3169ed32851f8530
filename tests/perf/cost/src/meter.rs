//! A proxy in front of AWS that counts what AWS would charge for each call.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::nights::number;
use crate::usage::{Item, Usage};

/// The counts since they were last read.
#[derive(Clone)]
pub(crate) struct Meter {
    used: Arc<Mutex<Usage>>,
    http: reqwest::Client,
    aws: String,
}

impl Meter {
    /// Starts a meter in front of the AWS at `aws`; returns its URL too.
    pub(crate) async fn open(aws: &str) -> (Self, String) {
        let meter = Self {
            used: Arc::default(),
            http: reqwest::Client::builder().no_proxy().build().unwrap(),
            aws: aws.to_owned(),
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().fallback(pass).with_state(meter.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        (meter, address)
    }

    /// Returns the usage, and starts again from zero.
    pub(crate) fn read(&self) -> Usage {
        std::mem::take(&mut *self.used.lock().unwrap())
    }

    fn add(&self, item: Item, amount: f64) {
        self.used.lock().unwrap().uses(item, amount);
    }
}

async fn pass(State(meter): State<Meter>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let mut body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
    let target = parts.headers.get("x-amz-target").cloned();
    let target = target
        .as_ref()
        .map_or("", |target| target.to_str().unwrap());
    let (service, operation) = target.split_once('.').unwrap_or_default();
    meter.add(Item::AwsRequests, 1.0);
    match service {
        "DynamoDB_20120810" => body = ask_for_capacity(&body),
        "AmazonSQS" => meter.add(Item::QueueRequests, 1.0),
        "secretsmanager" => {
            meter.add(Item::SecretCalls, 1.0);
            meter.add(Item::KeyRequests, 1.0);
        }
        _ if parts.uri.path() == "/" => meter.add(Item::Mails, 1.0),
        // S3 requests a key at most once for each object: it keeps the bucket's key for a while.
        _ => {
            meter.add(Item::StoredObjects, 1.0);
            meter.add(Item::StoredBytes, number(body.len()));
            meter.add(Item::KeyRequests, 1.0);
        }
    }
    let mut headers = parts.headers.clone();
    headers.remove("host");
    headers.remove("content-length");
    let url = format!("{}{}", meter.aws, parts.uri);
    let call = meter.http.request(parts.method, url);
    let answer = call.headers(headers).body(body).send().await.unwrap();
    let (status, mut headers) = (answer.status(), answer.headers().clone());
    headers.remove("content-length");
    headers.remove("transfer-encoding");
    let body = answer.bytes().await.unwrap();
    if service.starts_with("DynamoDB") {
        meter.add(kind(operation), capacity(&body));
    }
    (status, headers, Body::from(body)).into_response()
}

fn ask_for_capacity(body: &Bytes) -> Bytes {
    let mut request: Value = serde_json::from_slice(body).unwrap();
    request["ReturnConsumedCapacity"] = json!("TOTAL");
    request.to_string().into()
}

fn kind(operation: &str) -> Item {
    match operation {
        "GetItem" | "BatchGetItem" | "TransactGetItems" | "Query" | "Scan" => Item::ReadUnits,
        _ => Item::WriteUnits,
    }
}

/// Returns the capacity units of a call; a transaction lists them by table.
fn capacity(answer: &Bytes) -> f64 {
    let answer: Value = serde_json::from_slice(answer).unwrap_or_default();
    let units = |one: &Value| one["CapacityUnits"].as_f64().unwrap_or_default();
    match &answer["ConsumedCapacity"] {
        Value::Array(tables) => tables.iter().map(units).sum(),
        one => units(one),
    }
}
