//! Two doors through the tap: one to AWS, one to SmartHR.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use tokio::net::TcpListener;

use crate::mishap::Mishap;
use crate::services::Services;
use crate::tap::{Death, Tap};

/// What is behind a door.
#[derive(Clone)]
pub(crate) struct Door {
    pub(crate) tap: Arc<Tap>,
    pub(crate) http: reqwest::Client,
    /// Where calls go that `services` does not answer.
    pub(crate) beyond: String,
    /// The small AWS services, at AWS's door.
    pub(crate) services: Option<Arc<Services>>,
}

/// Opens a door; gives its address.
pub(crate) async fn open(door: Door) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = Router::new().fallback(pass).with_state(door);
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("http://{address}")
}

async fn pass(State(door): State<Door>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
    let target = target_of(&parts.headers);
    let operation = match &target {
        Some(target) => target.clone(),
        None => format!("{} {}", parts.method, first_segments(&parts.uri)),
    };
    let (number, mishap) = door.tap.arrives(&operation);
    door.tap.passes(Death::Before(number)).await;
    if let Some(Mishap::Slow(by)) = &mishap {
        tokio::time::sleep(*by).await;
    }
    if let Some(refusal) = mishap.as_ref().and_then(Mishap::refusal) {
        return refusal;
    }
    let services = door
        .services
        .as_ref()
        .filter(|_| !target.as_deref().is_some_and(|t| t.starts_with("DynamoDB")));
    let answer = match services {
        Some(services) => services.answer(target.as_deref(), &parts.method, &parts.uri, &body),
        None => forward(&door, &parts.method, &parts.uri, parts.headers, body).await,
    };
    door.tap.passes(Death::After(number)).await;
    match mishap {
        Some(mishap) => mishap.spoil(answer),
        None => answer,
    }
}

fn target_of(headers: &HeaderMap) -> Option<String> {
    headers
        .get("x-amz-target")
        .and_then(|target| target.to_str().ok())
        .map(ToOwned::to_owned)
}

fn first_segments(uri: &Uri) -> String {
    uri.path().split('/').take(5).collect::<Vec<_>>().join("/")
}

async fn forward(
    door: &Door,
    method: &Method,
    uri: &Uri,
    mut headers: HeaderMap,
    body: Bytes,
) -> Response {
    headers.remove("host");
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    let answer = door
        .http
        .request(method.clone(), format!("{}{path}", door.beyond))
        .headers(headers)
        .body(body)
        .send()
        .await;
    let Ok(answer) = answer else {
        return StatusCode::BAD_GATEWAY.into_response();
    };
    let (status, mut headers) = (answer.status(), answer.headers().clone());
    for per_hop in ["content-length", "transfer-encoding", "connection"] {
        headers.remove(per_hop);
    }
    let body = answer.bytes().await.unwrap_or_default();
    (status, headers, Body::from(body)).into_response()
}
