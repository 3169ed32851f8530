//! A stand-in for SQS that implements `ChangeMessageVisibility` (Amazon SQS API Reference).

use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::State;
use axum::routing::post;
use axum::{Json, Router};
use serde_json::{Value, json};
use storage::queues::Queues;
use storage::testing::sdk_config;

/// The receipt handles of postponed messages, each with its delay in seconds.
#[derive(Clone, Default)]
pub(super) struct SqsStandIn(Arc<Mutex<Vec<(String, u64)>>>);

impl SqsStandIn {
    /// Serves on a free port and returns the client.
    pub(super) async fn serve(&self) -> Queues {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new()
            .route("/", post(change_visibility))
            .with_state(self.clone());
        tokio::spawn(async { axum::serve(listener, router).await });
        let url = |name| format!("{endpoint}/1/{name}");
        Queues::new(&sdk_config(&endpoint).unwrap(), url("sync"), url("mail"))
    }

    /// Returns the postponed messages, each with its delay in seconds.
    pub(super) fn put_off(&self) -> Vec<(String, u64)> {
        let put_off = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        put_off.clone()
    }
}

async fn change_visibility(State(queue): State<SqsStandIn>, request: String) -> Json<Value> {
    let request: Value = serde_json::from_str(&request).unwrap();
    let message = request["ReceiptHandle"].as_str().unwrap().to_owned();
    let seconds = request["VisibilityTimeout"].as_u64().unwrap();
    let mut put_off = queue.0.lock().unwrap_or_else(PoisonError::into_inner);
    put_off.push((message, seconds));
    Json(json!({}))
}
