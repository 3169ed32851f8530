//! The size of the logs.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tracing::Level;

/// A counter of the bytes that were logged.
#[derive(Clone, Default)]
pub(crate) struct Logged(Arc<AtomicUsize>);

impl Logged {
    /// Returns the number of bytes since the last call.
    pub(crate) fn read(&self) -> usize {
        self.0.swap(0, Ordering::Relaxed)
    }
}

impl io::Write for Logged {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.0.fetch_add(line.len(), Ordering::Relaxed);
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Counts all logs from now on, at the level that the template sets.
pub(crate) fn count() -> Logged {
    let logged = Logged::default();
    let writer = logged.clone();
    tracing_subscriber::fmt()
        .json()
        .with_max_level(Level::INFO)
        .with_writer(move || writer.clone())
        .init();
    logged
}
