//! The end of an invocation, at which Lambda stops the function whatever it does.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::time::Instant;

/// Returns the end of an invocation on the clock that timers use. `deadline` is that of Lambda's context, in
/// milliseconds since 1970.
#[expect(
    clippy::disallowed_methods,
    reason = "Lambda's deadline is on the system's clock, which no local offset moves"
)]
pub fn deadline(deadline: u64) -> Instant {
    let ends_at = Duration::from_millis(deadline);
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    Instant::now() + ends_at.saturating_sub(now)
}
