//! Starts the server.

use std::io;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::options::Options;
use crate::state::SmartHr;
use crate::{api, authorize, control, deliveries, faults, limits, pages, token};

/// A stand-in that runs on a free port of this machine until it is dropped. It then accepts no more
/// connections; those that are open end with their clients.
pub struct StandIn {
    base_url: String,
    server: JoinHandle<io::Result<()>>,
    deliveries: JoinHandle<()>,
}

impl StandIn {
    /// Starts a stand-in with the two sample companies.
    ///
    /// # Errors
    /// No port is free, or there is no HTTP client.
    pub async fn start(options: Options) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let base_url = format!("http://{}", listener.local_addr()?);
        let by_itself = options.deliver_by_itself;
        let http = deliveries::http_client().map_err(io::Error::other)?;
        let smarthr = SmartHr::new(options, http);
        let router = router(&smarthr);
        Ok(Self {
            base_url,
            server: tokio::spawn(async move { axum::serve(listener, router).await }),
            deliveries: tokio::spawn(async move {
                if by_itself {
                    deliveries::deliver_for_ever(smarthr).await;
                }
            }),
        })
    }

    /// Returns its address, as in `http://127.0.0.1:4010`: the API is under `/api`, OAuth under `/oauth`, the
    /// control plane under `/_stand-in`.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }
}

impl Drop for StandIn {
    fn drop(&mut self) {
        self.server.abort();
        self.deliveries.abort();
    }
}

fn router(smarthr: &SmartHr) -> Router {
    let api = api::router().layer(from_fn_with_state(smarthr.clone(), limits::enforce));
    let counted = Router::new()
        .nest("/api", api)
        .merge(authorize::router())
        .merge(token::router())
        .layer(from_fn_with_state(smarthr.clone(), faults::inject))
        .layer(from_fn_with_state(smarthr.clone(), count_request));
    Router::new()
        .merge(pages::router())
        .merge(counted)
        .nest("/_stand-in", control::router())
        .layer(DefaultBodyLimit::disable())
        .with_state(smarthr.clone())
}

/// Middleware that counts a request, whatever its answer, so that a test can say how many it took.
async fn count_request(State(smarthr): State<SmartHr>, request: Request, next: Next) -> Response {
    let line = format!("{} {}", request.method(), request.uri().path());
    smarthr.with(|state| *state.request_counts.entry(line).or_default() += 1);
    next.run(request).await
}
