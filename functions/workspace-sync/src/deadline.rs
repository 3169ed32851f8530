//! When Lambda cuts the invocation off.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use lambda_runtime::Context;
use tokio::time::Instant;

/// The end of the invocation on the clock that timers use.
#[expect(
    clippy::disallowed_methods,
    reason = "Lambda tells its deadline on the system's clock, which no local offset moves"
)]
pub(crate) fn deadline(context: &Context) -> Instant {
    let ends_at = Duration::from_millis(context.deadline);
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    Instant::now() + ends_at.saturating_sub(now)
}
