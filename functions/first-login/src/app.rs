//! What every handler is given.

use std::sync::Arc;

use access::{HashingError, Random};
use aws::Store;
use jiff::Timestamp;
use web::{Problem, PublicOrigin};

/// What every handler is given.
#[derive(Clone)]
pub(crate) struct App {
    pub(crate) store: Store,
    pub(crate) random: Arc<Random>,
    /// Where our own forms come from.
    pub(crate) origin: PublicOrigin,
    /// Read once per request.
    pub(crate) clock: Arc<dyn Fn() -> Timestamp + Send + Sync>,
}

impl App {
    /// The present.
    pub(crate) fn now(&self) -> Timestamp {
        (self.clock)()
    }
}

/// A hash that cannot be made or read is our fault, not the person's.
pub(crate) fn hashing_failed(error: &HashingError) -> Problem {
    tracing::error!(%error, "answered 500");
    Problem::internal()
}
