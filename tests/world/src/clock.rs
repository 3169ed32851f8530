//! One clock for the process: it stands still until it is moved.

use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp};

/// 2026-11-23, 02:00 in Japan.
const FIRST_NIGHT: i64 = 1_795_366_800;

static SECONDS: AtomicI64 = AtomicI64::new(FIRST_NIGHT);

/// The present.
pub fn now() -> Timestamp {
    Timestamp::from_second(SECONDS.load(Ordering::SeqCst)).unwrap()
}

/// Lets time pass.
pub fn advance(by: SignedDuration) {
    SECONDS.fetch_add(by.as_secs(), Ordering::SeqCst);
}
