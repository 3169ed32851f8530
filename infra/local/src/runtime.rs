//! The threads and sockets of a stack's servers.

use std::net::{SocketAddr, TcpListener};

use tokio::runtime::Runtime;
use tokio::task::JoinHandle;

use crate::Error;

/// The servers' own runtime. They cannot use the caller's: a test's runtime ends with the test, and a
/// stack may serve several tests.
pub(crate) struct Servers {
    // `None` only while this value is dropped.
    runtime: Option<Runtime>,
}

impl Servers {
    /// Starts a runtime for the servers.
    ///
    /// # Errors
    /// No threads can be started.
    pub(crate) fn new() -> Result<Self, Error> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .thread_name("local")
            .enable_all()
            .build()
            .map_err(Error::io("starting threads"))?;
        Ok(Self {
            runtime: Some(runtime),
        })
    }

    /// Runs `work` until the stack ends.
    pub(crate) fn spawn<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> Option<JoinHandle<T>> {
        self.runtime.as_ref().map(|runtime| runtime.spawn(work))
    }

    /// Runs `work` to its end on this runtime, where connections stay open between calls.
    ///
    /// # Errors
    /// `work` failed or panicked, or the stack has ended.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T, Error>> + Send + 'static,
    ) -> Result<T, Error> {
        match self.spawn(work) {
            Some(work) => work.await?,
            None => Err(Error::Ended),
        }
    }
}

impl Drop for Servers {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            // A runtime must not wait for the end of another one.
            runtime.shutdown_background();
        }
    }
}

/// Listens on a port of 127.0.0.1; 0 means any free one.
///
/// # Errors
/// The port is taken.
pub(crate) fn listen(port: u16) -> Result<(TcpListener, SocketAddr), Error> {
    let what = || format!("listening on 127.0.0.1:{port}");
    let listener = TcpListener::bind(("127.0.0.1", port)).map_err(Error::io(what()))?;
    listener.set_nonblocking(true).map_err(Error::io(what()))?;
    let address = listener.local_addr().map_err(Error::io(what()))?;
    Ok((listener, address))
}
