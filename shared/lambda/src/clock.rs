//! The clock. It is read here only; everything else takes the time as a parameter.

use jiff::{SignedDuration, Timestamp};

/// Returns the present time of the system.
///
/// On a local machine `CLOCK_OFFSET_FILE` may name a file with a number of seconds to add, so that
/// 72 hours pass at once. The deployed template does not set it.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place that reads the clock"
)]
pub fn now() -> Timestamp {
    let now = Timestamp::now();
    now.checked_add(local_offset()).unwrap_or(now)
}

fn local_offset() -> SignedDuration {
    std::env::var_os("CLOCK_OFFSET_FILE")
        .and_then(|path| std::fs::read_to_string(path).ok())
        .and_then(|text| text.trim().parse().ok())
        .map_or(SignedDuration::ZERO, SignedDuration::from_secs)
}
