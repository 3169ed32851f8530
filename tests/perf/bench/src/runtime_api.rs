//! The runtime emulator: Lambda's runtime API for the process of one function, as AWS documents it
//! (Lambda Developer Guide, "Using the Lambda runtime API"). No container, so that what is measured
//! is the function.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderName, StatusCode};
use axum::routing::{get, post};
use tokio::net::TcpListener;
use tokio::sync::{Mutex, mpsc, oneshot, watch};

use crate::Error;

/// The answer of a function.
#[derive(Debug)]
pub(crate) struct Answer {
    /// Whether the answer is an error.
    pub(crate) failed: bool,
    /// The payload.
    pub(crate) body: Bytes,
    /// When the answer arrived.
    pub(crate) at: Instant,
}

/// The event of an invocation.
struct Event {
    body: String,
    ends_at: Duration,
    answer: oneshot::Sender<Answer>,
}

/// The runtime API for one function.
pub(crate) struct RuntimeApi {
    /// `host:port`, for `AWS_LAMBDA_RUNTIME_API`.
    pub(crate) address: String,
    events: mpsc::Sender<Event>,
    asked: watch::Receiver<u32>,
}

struct Shared {
    events: Mutex<mpsc::Receiver<Event>>,
    under_way: Mutex<Option<oneshot::Sender<Answer>>>,
    /// The number of events that the function has asked for.
    asked: watch::Sender<u32>,
}

impl RuntimeApi {
    /// Starts the API on a free port.
    pub(crate) async fn open() -> Result<Self, Error> {
        let (events, received) = mpsc::channel(1);
        let (asked_sender, asked) = watch::channel(0);
        let shared = Arc::new(Shared {
            events: Mutex::new(received),
            under_way: Mutex::new(None),
            asked: asked_sender,
        });
        let invocation = "/2018-06-01/runtime/invocation";
        let router = Router::new()
            .route(&format!("{invocation}/next"), get(next))
            .route(&format!("{invocation}/{{id}}/response"), post(response))
            .route(&format!("{invocation}/{{id}}/error"), post(error))
            .with_state(shared);
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?.to_string();
        tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(Self {
            address,
            events,
            asked,
        })
    }

    /// Waits until the function has asked for its `count`th event (from 1).
    pub(crate) async fn asked(&mut self, count: u32) -> Result<(), Error> {
        self.asked.wait_for(|asked| *asked >= count).await?;
        Ok(())
    }

    /// Sends the function an event; the invocation ends at `ends_at`, as time since the epoch.
    pub(crate) async fn invoke(&self, body: String, ends_at: Duration) -> Result<Answer, Error> {
        let (answer, answered) = oneshot::channel();
        let event = Event {
            body,
            ends_at,
            answer,
        };
        self.events.send(event).await.map_err(|_| "no function")?;
        Ok(answered.await?)
    }
}

async fn next(State(shared): State<Arc<Shared>>) -> ([(HeaderName, String); 4], String) {
    shared.asked.send_modify(|asked| *asked += 1);
    let Some(event) = shared.events.lock().await.recv().await else {
        // The bench is done with the function, and about to end its process.
        return std::future::pending().await;
    };
    *shared.under_way.lock().await = Some(event.answer);
    let arn = "arn:aws:lambda:ap-northeast-1:123456789012:function:bench";
    let headers = [
        ("lambda-runtime-aws-request-id", "1".to_owned()),
        (
            "lambda-runtime-deadline-ms",
            event.ends_at.as_millis().to_string(),
        ),
        ("lambda-runtime-invoked-function-arn", arn.to_owned()),
        ("content-type", "application/json".to_owned()),
    ];
    (
        headers.map(|(name, value)| (HeaderName::from_static(name), value)),
        event.body,
    )
}

async fn response(State(shared): State<Arc<Shared>>, body: Bytes) -> StatusCode {
    answered(&shared, false, body).await
}

async fn error(State(shared): State<Arc<Shared>>, body: Bytes) -> StatusCode {
    answered(&shared, true, body).await
}

async fn answered(shared: &Shared, failed: bool, body: Bytes) -> StatusCode {
    let answer = Answer {
        failed,
        body,
        at: Instant::now(),
    };
    if let Some(waiting) = shared.under_way.lock().await.take() {
        // Nobody waits any more when the bench gave up.
        let _ = waiting.send(answer);
    }
    StatusCode::ACCEPTED
}
