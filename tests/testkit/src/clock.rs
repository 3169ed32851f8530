//! A clock for each test: it stands still until it is moved. A test's tasks all run on the test's
//! own thread, and so does its clock.

use std::cell::Cell;

use jiff::{SignedDuration, Timestamp};

/// 2026-11-23, 02:00 in Japan.
const FIRST_NIGHT: i64 = 1_795_366_800;

thread_local! {
    static SECONDS: Cell<i64> = const { Cell::new(FIRST_NIGHT) };
}

/// The present.
pub fn now() -> Timestamp {
    Timestamp::from_second(SECONDS.get()).unwrap()
}

/// Lets time pass.
pub fn advance(by: SignedDuration) {
    SECONDS.set(SECONDS.get() + by.as_secs());
}
