//! The end of the invocation, after 15 minutes. 15 seconds before, no further step begins ([`sync`]), and the lease is
//! handed over to the next message, which continues the run.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use lambda_runtime::Context;
use tokio::time::Instant;

/// Returns the end of the invocation on the clock that timers use.
#[expect(
    clippy::disallowed_methods,
    reason = "Lambda's deadline is on the system's clock, which no local offset moves"
)]
pub(crate) fn deadline(context: &Context) -> Instant {
    let ends_at = Duration::from_millis(context.deadline);
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    Instant::now() + ends_at.saturating_sub(now)
}
