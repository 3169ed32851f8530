//! What every handler is given.

use std::sync::Arc;

use credentials::{HashingError, Random};
use jiff::Timestamp;
use storage::Store;
use web::{Problem, PublicOrigin};

/// What every handler is given.
#[derive(Clone)]
pub struct App {
    /// Users, sessions and guesses.
    pub store: Store,
    /// For sessions and salts.
    pub random: Arc<Random>,
    /// Where our own forms come from.
    pub origin: PublicOrigin,
    /// Read once per request.
    pub clock: Arc<dyn Fn() -> Timestamp + Send + Sync>,
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
