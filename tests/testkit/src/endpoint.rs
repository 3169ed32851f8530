//! The HTTP endpoints of the fault proxy: one in front of AWS, one in front of SmartHR.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use tokio::net::TcpListener;

use crate::fault::Fault;
use crate::fault_proxy::{CrashPoint, FaultProxy};
use crate::services::{SEND_MAIL, Services, asks_for_quota};

/// An endpoint, and what is behind it.
#[derive(Clone)]
pub(crate) struct Endpoint {
    pub(crate) proxy: Arc<FaultProxy>,
    pub(crate) http: reqwest::Client,
    /// The URL that calls are forwarded to, unless `services` answers them.
    pub(crate) upstream: String,
    /// The AWS services besides DynamoDB; `None` in front of SmartHR.
    pub(crate) services: Option<Arc<Services>>,
}

/// Opens an endpoint; returns its URL.
pub(crate) async fn open(endpoint: Endpoint) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = Router::new().fallback(pass).with_state(endpoint);
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("http://{address}")
}

async fn pass(State(endpoint): State<Endpoint>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
    let target = target_of(&parts.headers);
    let operation = match &target {
        Some(target) => target.clone(),
        None if endpoint.services.is_some() && asks_for_quota(&body) => {
            "SES.GetSendQuota".to_owned()
        }
        None if endpoint.services.is_some() && parts.uri.path() == "/" => SEND_MAIL.to_owned(),
        None => format!("{} {}", parts.method, first_segments(&parts.uri)),
    };
    let (number, fault) = endpoint.proxy.arrives(&operation);
    endpoint.proxy.passes(CrashPoint::Before(number)).await;
    if let Some(Fault::Slow(by)) = &fault {
        tokio::time::sleep(*by).await;
    }
    if let Some(refusal) = fault.as_ref().and_then(|fault| fault.refusal(&operation)) {
        return refusal;
    }
    let services = endpoint
        .services
        .as_ref()
        .filter(|_| !target.as_deref().is_some_and(|t| t.starts_with("DynamoDB")));
    let answer = match services {
        Some(services) => services.answer(target.as_deref(), &parts.method, &parts.uri, &body),
        None => forward(&endpoint, &parts.method, &parts.uri, parts.headers, body).await,
    };
    endpoint.proxy.passes(CrashPoint::After(number)).await;
    match fault {
        Some(fault) => fault.apply_to(answer),
        None => answer,
    }
}

fn target_of(headers: &HeaderMap) -> Option<String> {
    let target = headers.get("x-amz-target")?.to_str();
    target.ok().map(ToOwned::to_owned)
}

fn first_segments(uri: &Uri) -> String {
    uri.path().split('/').take(5).collect::<Vec<_>>().join("/")
}

async fn forward(
    endpoint: &Endpoint,
    method: &Method,
    uri: &Uri,
    mut headers: HeaderMap,
    body: Bytes,
) -> Response {
    headers.remove("host");
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    let answer = endpoint
        .http
        .request(method.clone(), format!("{}{path}", endpoint.upstream))
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
