//! SmartHR's request limits, counted by access token and enforced.

use std::collections::HashMap;

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;

use crate::api::bearer;
use crate::error::ApiError;
use crate::options::Options;
use crate::state::SmartHr;

const HOUR: i64 = 3600;
const SECOND: i64 = 1;

/// What every token has used of its limits so far: by the hour, and by the second.
#[derive(Default)]
pub(crate) struct Limits(HashMap<String, [Window; 2]>);

/// Requests since a moment. The window opens with its first request.
#[derive(Default)]
struct Window {
    opened: Timestamp,
    requests: u32,
}

/// One limit as the headers of an answer show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct LimitStatus {
    limit: u32,
    remaining: u32,
    /// Seconds left, not a time (SmartHR API).
    reset: i64,
}

impl Window {
    fn status(&mut self, limit: Option<u32>, seconds: i64, now: Timestamp) -> LimitStatus {
        let length = seconds * 1000;
        let mut passed = now.as_millisecond() - self.opened.as_millisecond();
        if !(0..length).contains(&passed) {
            passed = 0;
            self.opened = now;
            self.requests = 0;
        }
        let left = length - passed;
        let limit = limit.unwrap_or(u32::MAX);
        LimitStatus {
            limit,
            remaining: limit.saturating_sub(self.requests),
            reset: left.div_euclid(1000) + i64::from(left % 1000 > 0),
        }
    }
}

impl Limits {
    /// Counts one request of a token. Returns whether the request may go on, and the status of its limits by the
    /// hour and by the second afterwards. A refused request does not count.
    fn take(&mut self, token: &str, options: &Options, now: Timestamp) -> (bool, [LimitStatus; 2]) {
        let windows = self.0.entry(token.to_owned()).or_default();
        let [hour, second] = windows;
        let mut status = [
            hour.status(options.rate_per_hour, HOUR, now),
            second.status(options.rate_per_second, SECOND, now),
        ];
        let allowed = status.iter().all(|limit| limit.remaining > 0);
        if allowed {
            for (window, limit) in windows.iter_mut().zip(&mut status) {
                window.requests += 1;
                limit.remaining -= 1;
            }
        }
        (allowed, status)
    }
}

/// Middleware that refuses requests over a limit, and adds the status of the limits to every answer.
pub(crate) async fn enforce(
    State(smarthr): State<SmartHr>,
    request: Request,
    next: Next,
) -> Response {
    let token = bearer(request.headers()).unwrap_or_default().to_owned();
    let (allowed, [hour, second]) =
        smarthr.with(|state| state.limits.take(&token, &state.options, state.now));
    let mut response = if allowed {
        next.run(request).await
    } else {
        ApiError::with_status(StatusCode::TOO_MANY_REQUESTS).into_response()
    };
    let headers = response.headers_mut();
    for (prefix, status) in [("x-rate-limit", hour), ("x-intensive-rate-limit", second)] {
        for (name, value) in [
            ("limit", i64::from(status.limit)),
            ("remaining", i64::from(status.remaining)),
            ("reset", status.reset),
        ] {
            if let Ok(name) = HeaderName::try_from(format!("{prefix}-{name}")) {
                headers.insert(name, HeaderValue::from(value));
            }
        }
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(milliseconds: i64) -> Timestamp {
        Timestamp::from_millisecond(1_800_000_000_000 + milliseconds).unwrap()
    }

    #[test]
    fn the_third_request_in_a_second_is_refused_when_two_are_allowed() {
        let mut limits = Limits::default();
        let options = Options {
            rate_per_second: Some(2),
            ..Options::default()
        };
        let (allowed, [_, second]) = limits.take("a", &options, at(0));
        assert!(allowed);
        assert_eq!((second.remaining, second.reset), (1, 1));
        assert!(limits.take("a", &options, at(300)).0);
        let (allowed, [_, second]) = limits.take("a", &options, at(999));
        assert!(!allowed);
        assert_eq!((second.remaining, second.reset), (0, 1));
        assert!(limits.take("a", &options, at(1000)).0);
    }

    #[test]
    fn reset_is_the_seconds_left_of_the_hour_which_renews_the_limit() {
        let mut limits = Limits::default();
        let options = Options::default();
        let (_, [hour, _]) = limits.take("a", &options, at(0));
        assert_eq!(hour.reset, 3600);
        let (_, [hour, _]) = limits.take("a", &options, at(600_500));
        assert_eq!(hour.reset, 3000);
        assert_eq!(hour.remaining, 4998);
        let (_, [hour, _]) = limits.take("a", &options, at(3_600_000));
        assert_eq!((hour.reset, hour.remaining), (3600, 4999));
    }
}
