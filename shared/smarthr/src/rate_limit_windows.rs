//! How much of SmartHR's request limit is left. Pure: callers pass the time in.
//!
//! SmartHR API: every response has `x-rate-limit-{limit,remaining,reset}` and
//! `x-intensive-rate-limit-*`, where `reset` is the number of seconds left. Both sets are obeyed.
//! Between two responses we count ourselves: what the responses allow, less the requests under way.
//! Within a window requests are not spaced, since small reads never meet the limit.

use std::time::Duration;

use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};
use tokio::time::Instant;

use crate::rate_limit_header;

/// The names of the headers `limit`, `remaining` and `reset` of each set.
const SETS: [[&str; 3]; 4] = [
    [
        "x-rate-limit-limit",
        "x-rate-limit-remaining",
        "x-rate-limit-reset",
    ],
    [
        "x-intensive-rate-limit-limit",
        "x-intensive-rate-limit-remaining",
        "x-intensive-rate-limit-reset",
    ],
    // Those of proxies in front of it, in the usual spelling and in that of the IETF's draft.
    [
        "x-ratelimit-limit",
        "x-ratelimit-remaining",
        "x-ratelimit-reset",
    ],
    ["ratelimit-limit", "ratelimit-remaining", "ratelimit-reset"],
];

/// How many limits of one `RateLimit` header are obeyed, in their order; servers name one or two.
const LISTED: usize = 4;
const WINDOWS: usize = SETS.len() + LISTED;

/// The longest wait in seconds. A larger number may be an epoch, and is ignored.
const LONGEST_WAIT: f64 = 86_400.0;

/// Added to every `reset`, so that uneven latency does not make a request arrive too early.
const FIRST_MARGIN: Duration = Duration::from_millis(40);
const LARGEST_MARGIN: Duration = Duration::from_secs(1);

/// One limit of one response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Reading {
    limit: u32,
    remaining: u32,
    reset: Duration,
}

/// The current window of one limit.
#[derive(Clone, Copy, Debug)]
struct Window {
    limit: u32,
    /// The lowest `remaining` of any response of this window.
    left: u32,
    /// The time at which `left` was read.
    seen_at: Instant,
    started: Instant,
    ends: Instant,
    /// The longest `reset` seen: the length of a window of which no response has come yet.
    length: Duration,
    /// Whether a response of this window has come.
    confirmed: bool,
}

/// Whether the next request may be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Admission {
    /// The request may be sent, and counts as under way.
    Granted,
    /// The request may not be sent before this time.
    At(Instant),
    /// The request may not be sent before a request under way has its response, or this time.
    AfterResponse(Instant),
}

/// The limits of one access token.
#[derive(Debug)]
pub(crate) struct Limits {
    windows: [Option<Window>; WINDOWS],
    under_way: u32,
    held_until: Option<Instant>,
    refused_at: Option<Instant>,
    margin: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            windows: [None; WINDOWS],
            under_way: 0,
            held_until: None,
            refused_at: None,
            margin: FIRST_MARGIN,
        }
    }
}

impl Limits {
    /// Returns whether a request may be sent at `now`.
    pub(crate) fn admit(&mut self, now: Instant) -> Admission {
        if let Some(until) = self.held_until.filter(|until| *until > now) {
            return Admission::At(until);
        }
        let margin = self.margin;
        let under_way = self.under_way;
        let mut admission = Admission::Granted;
        for window in self.windows.iter_mut().flatten() {
            window.begin_next_if_ended(now, margin);
            if window.left == 0 {
                admission = Admission::At(match admission {
                    Admission::At(other) => other.max(window.ends),
                    _ => window.ends,
                });
            } else if window.left <= under_way && admission == Admission::Granted {
                admission = Admission::AfterResponse(window.ends);
            }
        }
        if admission == Admission::Granted {
            self.under_way += 1;
        }
        admission
    }

    /// Notes a response other than 429.
    pub(crate) fn answered(&mut self, sent: Instant, now: Instant, headers: &HeaderMap) {
        self.under_way = self.under_way.saturating_sub(1);
        for (window, reading) in self.windows.iter_mut().zip(readings(headers)) {
            if let Some(reading) = reading {
                match window {
                    Some(window) => window.learn(reading, sent, now, self.margin),
                    None => *window = Some(Window::first(reading, sent, now, self.margin)),
                }
            }
        }
    }

    /// Notes a 429: all requests wait as long as it says, or `otherwise` when it says nothing.
    pub(crate) fn refused(
        &mut self,
        sent: Instant,
        now: Instant,
        headers: &HeaderMap,
        otherwise: Duration,
    ) {
        self.under_way = self.under_way.saturating_sub(1);
        let requested = requested_wait(headers);
        // Of requests that were under way together, only the first response counts.
        if let Some(requested) = requested
            && self.refused_at.is_none_or(|earlier| sent >= earlier)
        {
            self.margin = if requested.is_zero() {
                // 0 seconds, and still refused: `reset` is rounded down.
                LARGEST_MARGIN
            } else {
                (self.margin * 2).min(LARGEST_MARGIN)
            };
            self.refused_at = Some(now);
        }
        let until = now + requested.map_or(otherwise, |requested| requested + self.margin);
        self.held_until = self.held_until.max(Some(until));
        for (window, reading) in self.windows.iter_mut().zip(readings(headers)) {
            if let Some(reading) = reading {
                let first = Window::first(reading, now, now, self.margin);
                *window = Some(Window {
                    length: first
                        .length
                        .max(window.map_or(Duration::ZERO, |w| w.length)),
                    ..first
                });
            }
        }
    }

    /// Notes that a request had no response. SmartHR may have counted it, so it is counted.
    pub(crate) fn lost(&mut self) {
        self.under_way = self.under_way.saturating_sub(1);
        for window in self.windows.iter_mut().flatten() {
            window.left = window.left.saturating_sub(1);
        }
    }
}

impl Window {
    /// Returns the first window, counted from the response's arrival: the request may have spent its
    /// time on setting up the connection.
    fn first(reading: Reading, started: Instant, now: Instant, margin: Duration) -> Self {
        Self {
            limit: reading.limit,
            left: reading.remaining,
            seen_at: now,
            started,
            ends: now + reading.reset + margin,
            length: reading.reset,
            confirmed: true,
        }
    }

    fn begin_next_if_ended(&mut self, now: Instant, margin: Duration) {
        if now >= self.ends {
            self.left = self.limit;
            self.started = now;
            self.seen_at = now;
            self.ends = now + self.length + margin;
            self.confirmed = false;
        }
    }

    fn learn(&mut self, reading: Reading, sent: Instant, now: Instant, margin: Duration) {
        self.limit = reading.limit;
        self.length = self.length.max(reading.reset);
        if sent < self.started {
            // The response belongs to an earlier window.
            return;
        }
        // Counted from sending: the next request takes as long to arrive as this one.
        let ends = sent + reading.reset + margin;
        // The request was sent after `left` was read, and no less remains: a new window has begun.
        let is_next = sent >= self.seen_at && reading.remaining >= self.left;
        if is_next || !self.confirmed {
            self.left = reading.remaining;
            self.ends = ends;
        } else {
            self.left = self.left.min(reading.remaining);
            self.ends = self.ends.min(ends);
        }
        self.seen_at = now;
        self.confirmed = true;
    }
}

/// Returns how long a 429 asks us to wait: its `Retry-After`, or the longest `reset` of an exhausted
/// limit.
pub(crate) fn requested_wait(headers: &HeaderMap) -> Option<Duration> {
    let exhausted = readings(headers)
        .flatten()
        .filter(|reading| reading.remaining == 0)
        .map(|reading| reading.reset)
        .max();
    let retry_after = headers
        .get(RETRY_AFTER)
        .and_then(|value| value.to_str().ok());
    let retry_after = retry_after.and_then(seconds);
    exhausted.max(retry_after.or_else(|| until_date(headers)))
}

/// Returns how long it is until the date in `Retry-After` (RFC 9110 10.2.3), by the clock that wrote `Date`.
fn until_date(headers: &HeaderMap) -> Option<Duration> {
    let date = |name| {
        let text = headers.get(name)?.to_str().ok()?;
        let date = jiff::fmt::rfc2822::parse(text).ok()?;
        Some(date.timestamp())
    };
    let wait = date(RETRY_AFTER)?.duration_since(date(DATE)?);
    let wait = wait.as_secs_f64().max(0.0);
    (wait <= LONGEST_WAIT).then(|| Duration::from_secs_f64(wait))
}

/// Returns what the headers say about each window.
fn readings(headers: &HeaderMap) -> impl Iterator<Item = Option<Reading>> {
    let sets = SETS.map(|set| reading(headers, set));
    let mut listed = rate_limit_header::limits(headers).into_iter();
    let listed: [Option<Reading>; LISTED] = std::array::from_fn(|_| listed.next());
    sets.into_iter().chain(listed)
}

fn reading(headers: &HeaderMap, [limit, remaining, reset]: [&str; 3]) -> Option<Reading> {
    let text = |name: &str| headers.get(name)?.to_str().ok();
    Reading::parse(text(limit), text(remaining)?, text(reset)?)
}

impl Reading {
    /// Parses the numbers of a limit; `None` if one is malformed, or the reset may be an epoch. Without the limit
    /// itself, what remains is taken for it.
    pub(crate) fn parse(limit: Option<&str>, remaining: &str, reset: &str) -> Option<Self> {
        let count = |text: &str| text.trim().parse::<u32>().ok();
        let remaining = count(remaining)?;
        Some(Self {
            limit: limit.and_then(count).unwrap_or(remaining).max(1),
            remaining,
            reset: seconds(reset)?,
        })
    }
}

fn seconds(text: &str) -> Option<Duration> {
    let seconds: f64 = text.trim().parse().ok()?;
    (0.0..=LONGEST_WAIT)
        .contains(&seconds)
        .then(|| Duration::from_secs_f64(seconds))
}

#[cfg(test)]
#[path = "rate_limit_windows_tests.rs"]
mod tests;
