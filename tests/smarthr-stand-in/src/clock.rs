//! The stand-in's clock, and the form in which SmartHR writes times.

use std::path::Path;

use jiff::civil::Date;
use jiff::tz::{TimeZone, offset};
use jiff::{SignedDuration, Timestamp};

/// Returns the system's time, moved by the number of seconds that a file holds; no file, or one without a number, moves
/// nothing. The file is read at every call, so a change of it moves the time at once.
pub(crate) fn now(offset_file: Option<&Path>) -> Timestamp {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place where this server reads the time"
    )]
    let system = Timestamp::now();
    let text = offset_file.and_then(|file| std::fs::read_to_string(file).ok());
    let seconds = text.and_then(|text| text.trim().parse().ok());
    let offset = SignedDuration::from_secs(seconds.unwrap_or(0));
    system.checked_add(offset).unwrap_or(system)
}

/// Returns Japan's time zone, in which SmartHR counts days. Japan has had no summer time since 1951.
fn tokyo() -> TimeZone {
    TimeZone::fixed(offset(9))
}

/// Returns the date in Japan at that time.
pub(crate) fn day_in_japan(now: Timestamp) -> Date {
    now.to_zoned(tokyo()).date()
}

/// Returns when a person who resigns on that day becomes retired: at 01:00 in Japan on the day after (SmartHR
/// help). `None` past the end of the calendar.
pub(crate) fn retirement_of(resigned_at: Date) -> Option<Timestamp> {
    let next_day = resigned_at.tomorrow().ok()?;
    let turned = next_day.at(1, 0, 0, 0).to_zoned(tokyo()).ok()?;
    Some(turned.timestamp())
}

/// Returns a time as SmartHR's API writes it: UTC with milliseconds.
pub(crate) fn format_time(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_changes_at_midnight_in_japan() {
        let evening: Timestamp = "2026-11-30T15:00:00Z".parse().unwrap();
        assert_eq!(day_in_japan(evening), jiff::civil::date(2026, 12, 1));
    }
}
