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

/// Moves the clock forward to the next 06:00 in Japan, when a run that fails is not tried again.
pub fn advance_to_six() {
    const DAY: i64 = 24 * 3600;
    const SIX_IN_JAPAN: i64 = DAY - 3 * 3600;
    let today = SECONDS.get().rem_euclid(DAY);
    SECONDS.set(SECONDS.get() + (SIX_IN_JAPAN - today).rem_euclid(DAY));
}

/// Moves the clock back to where it began, for a test that compares two histories.
pub fn restart_clock() {
    SECONDS.set(START);
}

/// Moves the clock forward.
pub fn advance(by: SignedDuration) {
    SECONDS.set(SECONDS.get() + by.as_secs());
}
