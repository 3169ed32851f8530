//! How much of SmartHR's request limit is left. Pure: the instants come in.
//!
//! SmartHR API: every answer has `x-rate-limit-{limit,remaining,reset}` and
//! `x-intensive-rate-limit-*`, `reset` being seconds left. Both sets are obeyed. Between two answers
//! we count ourselves: what is left is what the answers said, less what is under way.
//! Within a window requests go out as fast as they can; no spacing, since small reads never
//! meet the limit.

use std::time::Duration;

use reqwest::header::{HeaderMap, RETRY_AFTER};
use tokio::time::Instant;

/// `limit`, `remaining`, `reset` of each set.
const SETS: [[&str; 3]; 2] = [
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
];

/// A longer wait is no number of seconds (an epoch, say) and is not believed.
const LONGEST_WAIT: f64 = 86_400.0;

/// Added to every `reset`, so that uneven travel times do not bring us in too early.
const FIRST_MARGIN: Duration = Duration::from_millis(40);
const LARGEST_MARGIN: Duration = Duration::from_secs(1);

/// One header set of one answer.
#[derive(Clone, Copy, Debug)]
struct Reading {
    limit: u32,
    remaining: u32,
    reset: Duration,
}

/// What is known of one limit.
#[derive(Clone, Copy, Debug)]
struct Window {
    limit: u32,
    /// Lowest `remaining` any answer of this window gave.
    left: u32,
    /// When `left` was learnt.
    seen_at: Instant,
    started: Instant,
    ends: Instant,
    /// Longest `reset` seen: how long a window lasts that no answer has told us about yet.
    length: Duration,
    /// Whether an answer of this window has come.
    confirmed: bool,
}

/// Whether the next request may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Turn {
    /// Now; it counts as under way.
    Go,
    /// Ask again then.
    At(Instant),
    /// Ask again when a request under way has been answered, or then.
    AfterAnAnswer(Instant),
}

/// The limits of one access token.
#[derive(Debug)]
pub(crate) struct Limits {
    windows: [Option<Window>; 2],
    under_way: u32,
    held_until: Option<Instant>,
    refused_at: Option<Instant>,
    margin: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            windows: [None; 2],
            under_way: 0,
            held_until: None,
            refused_at: None,
            margin: FIRST_MARGIN,
        }
    }
}

impl Limits {
    /// Whether a request may go at `now`.
    pub(crate) fn turn(&mut self, now: Instant) -> Turn {
        if let Some(until) = self.held_until.filter(|until| *until > now) {
            return Turn::At(until);
        }
        let margin = self.margin;
        let under_way = self.under_way;
        let mut turn = Turn::Go;
        for window in self.windows.iter_mut().flatten() {
            window.turn_over_if_ended(now, margin);
            if window.left == 0 {
                turn = Turn::At(match turn {
                    Turn::At(other) => other.max(window.ends),
                    _ => window.ends,
                });
            } else if window.left <= under_way && turn == Turn::Go {
                turn = Turn::AfterAnAnswer(window.ends);
            }
        }
        if turn == Turn::Go {
            self.under_way += 1;
        }
        turn
    }

    /// Takes note of an answer that is no 429.
    pub(crate) fn answered(&mut self, sent: Instant, now: Instant, headers: &HeaderMap) {
        self.under_way = self.under_way.saturating_sub(1);
        for (window, set) in self.windows.iter_mut().zip(SETS) {
            if let Some(reading) = reading(headers, set) {
                match window {
                    Some(window) => window.learn(reading, sent, now, self.margin),
                    None => *window = Some(Window::first(reading, sent, now, self.margin)),
                }
            }
        }
    }

    /// Takes note of a 429: everybody waits as long as it asks, or `otherwise` when it does not ask.
    pub(crate) fn refused(
        &mut self,
        sent: Instant,
        now: Instant,
        headers: &HeaderMap,
        otherwise: Duration,
    ) {
        self.under_way = self.under_way.saturating_sub(1);
        let asked = asked_wait(headers);
        // Only the first of those that were under way together tells something new.
        if let Some(asked) = asked
            && self.refused_at.is_none_or(|earlier| sent >= earlier)
        {
            self.margin = if asked.is_zero() {
                // "No seconds left", and still refused: `reset` is rounded down.
                LARGEST_MARGIN
            } else {
                (self.margin * 2).min(LARGEST_MARGIN)
            };
            self.refused_at = Some(now);
        }
        let until = now + asked.map_or(otherwise, |asked| asked + self.margin);
        self.held_until = self.held_until.max(Some(until));
        for (window, set) in self.windows.iter_mut().zip(SETS) {
            if let Some(reading) = reading(headers, set) {
                let heard = Window::first(reading, now, now, self.margin);
                *window = Some(Window {
                    length: heard
                        .length
                        .max(window.map_or(Duration::ZERO, |w| w.length)),
                    ..heard
                });
            }
        }
    }

    /// Takes note that a request brought no answer. It may have been counted, so it is.
    pub(crate) fn lost(&mut self) {
        self.under_way = self.under_way.saturating_sub(1);
        for window in self.windows.iter_mut().flatten() {
            window.left = window.left.saturating_sub(1);
        }
    }
}

impl Window {
    /// The first we hear. Counted from the answer's arrival: the request may have spent its time on
    /// setting up the connection.
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

    fn turn_over_if_ended(&mut self, now: Instant, margin: Duration) {
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
            // An answer that belongs to an earlier window.
            return;
        }
        // Counted from sending: the next request travels as long as this one did.
        let ends = sent + reading.reset + margin;
        // Sent after `left` was known, and yet no less remains: SmartHR's window has turned over.
        let turned_over = sent >= self.seen_at && reading.remaining >= self.left;
        if turned_over || !self.confirmed {
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

/// How long a 429 asks us to wait: its `Retry-After`, or the longest `reset` of an exhausted limit.
pub(crate) fn asked_wait(headers: &HeaderMap) -> Option<Duration> {
    let exhausted = SETS
        .into_iter()
        .filter_map(|set| reading(headers, set))
        .filter(|reading| reading.remaining == 0)
        .map(|reading| reading.reset)
        .max();
    exhausted.max(seconds(headers, RETRY_AFTER.as_str()))
}

fn reading(headers: &HeaderMap, [limit, remaining, reset]: [&str; 3]) -> Option<Reading> {
    let remaining = count(headers, remaining)?;
    Some(Reading {
        limit: count(headers, limit).unwrap_or(remaining).max(1),
        remaining,
        reset: seconds(headers, reset)?,
    })
}

fn seconds(headers: &HeaderMap, name: &str) -> Option<Duration> {
    let seconds: f64 = headers.get(name)?.to_str().ok()?.trim().parse().ok()?;
    (0.0..=LONGEST_WAIT)
        .contains(&seconds)
        .then(|| Duration::from_secs_f64(seconds))
}

fn count(headers: &HeaderMap, name: &str) -> Option<u32> {
    headers.get(name)?.to_str().ok()?.trim().parse().ok()
}

#[cfg(test)]
#[path = "limits_tests.rs"]
mod tests;
