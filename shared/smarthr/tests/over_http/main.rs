//! The client over real HTTP: against the SmartHR stand-in, and against small servers for faults
//! that the stand-in does not produce.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

mod connected;
mod connecting_and_reading;
mod fake;
mod items;
mod repeating;
mod single_crews;
mod webhooks;
mod whole_read;

use std::time::Duration;

use smarthr::{BackoffBounds, Client, Endpoints, Tuning};
use tokio::time::Instant;

/// Returns a client of the server at `base_url` that backs off for milliseconds in place of
/// seconds.
pub(crate) fn client_of(base_url: &str) -> Client {
    let endpoints = Endpoints {
        api_base: format!("{base_url}/api"),
        oauth_base: format!("{base_url}/oauth"),
    };
    let tuning = Tuning {
        request_timeout: Duration::from_secs(1),
        backoff: BackoffBounds {
            base: Duration::from_millis(2),
            cap: Duration::from_millis(20),
        },
        repeated_while_down: Duration::from_millis(100),
        ..Tuning::default()
    };
    Client::new(endpoints, tuning, || 0.5).unwrap()
}

/// Returns a deadline that is never reached.
pub(crate) fn in_time() -> Instant {
    Instant::now() + Duration::from_secs(20)
}

/// Returns a deadline that leaves time for a few retries.
pub(crate) fn soon() -> Instant {
    Instant::now() + Duration::from_secs(1)
}
