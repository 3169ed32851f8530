//! Starts the server.

use std::io;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::options::Options;
use crate::world::World;
use crate::{api, authorize, control, faults, journal, limits, pages, token};

/// Serves a world on a listener until the future is dropped.
///
/// # Errors
/// Whatever the listener reports.
pub async fn serve(listener: TcpListener, world: World) -> io::Result<()> {
    axum::serve(listener, router(&world)).await
}

/// A stand-in that runs on a free port of this machine until it is dropped. Then it takes no more
/// connections; those that a client keeps open end with the client.
pub struct StandIn {
    base_url: String,
    task: JoinHandle<io::Result<()>>,
}

impl StandIn {
    /// Starts with the two companies everybody starts from.
    ///
    /// # Errors
    /// When no port can be had.
    pub async fn start(options: Options) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let base_url = format!("http://{}", listener.local_addr()?);
        let task = tokio::spawn(serve(listener, World::new(options)));
        Ok(Self { base_url, task })
    }

    /// Where it listens, as in `http://127.0.0.1:4010`: the API is under `/api`, OAuth under
    /// `/oauth`, the control plane under `/_stand-in`.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }
}

impl Drop for StandIn {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn router(world: &World) -> Router {
    let api = api::router().layer(from_fn_with_state(world.clone(), limits::enforce));
    let smarthr = Router::new()
        .nest("/api", api)
        .merge(authorize::router())
        .merge(token::router())
        .layer(from_fn_with_state(world.clone(), faults::strike))
        .layer(from_fn_with_state(world.clone(), journal::count));
    Router::new()
        .merge(pages::router())
        .merge(smarthr)
        .nest("/_stand-in", control::router())
        .layer(DefaultBodyLimit::disable())
        .with_state(world.clone())
}
