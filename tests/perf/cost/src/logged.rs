//! How much the code writes into its logs.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tracing::Level;

/// Bytes written so far.
#[derive(Clone, Default)]
pub(crate) struct Logged(Arc<AtomicUsize>);

impl Logged {
    /// What was written since this was read last.
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

/// Counts what is logged from now on, at the level that the template sets.
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
