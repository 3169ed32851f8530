use std::net::{SocketAddr, TcpListener};

use tokio::{runtime::Runtime, task::JoinHandle};

use crate::Error;

/// The servers' runtime. They do not live on the caller's: a test's ends with the test, and a stack
/// serves several tests.
pub(crate) struct Servers {
    // None only while it is dropped.
    runtime: Option<Runtime>,
}

impl Servers {
    /// A runtime with nothing on it.
    ///
    /// # Errors
    /// The operating system gives no threads.
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

    /// Lets something run until the stack ends.
    pub(crate) fn spawn<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> Option<JoinHandle<T>> {
        self.runtime.as_ref().map(|runtime| runtime.spawn(work))
    }

    /// Runs something to its end there, where connections stay open from call to call.
    ///
    /// # Errors
    /// The work's own, or that it panicked.
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
            // Waiting for its end is not allowed inside another runtime.
            runtime.shutdown_background();
        }
    }
}

/// Takes a port of this machine that no other machine can reach; 0 means any free one.
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
