//! A clock for each test, which stands still until the test moves it. It is the clock of a thread, and all tasks of a
//! test run on one thread.

use std::cell::Cell;

use jiff::{SignedDuration, Timestamp};

/// 2026-11-23, 02:00 in Japan, as seconds since the epoch.
const START: i64 = 1_795_366_800;

thread_local! {
    static SECONDS: Cell<i64> = const { Cell::new(START) };
}

/// Returns the present time of the test.
pub fn now() -> Timestamp {
    Timestamp::from_second(SECONDS.get()).unwrap()
}

/// Moves the clock forward.
pub fn advance(by: SignedDuration) {
    SECONDS.set(SECONDS.get() + by.as_secs());
}
