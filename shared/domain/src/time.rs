//! Arithmetic on timestamps, and timestamps as people in Japan read them.

use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp, Zoned};

/// Returns `instant` plus `duration`, or the last timestamp there is when the sum is later.
pub fn later(instant: Timestamp, duration: SignedDuration) -> Timestamp {
    instant.checked_add(duration).unwrap_or(Timestamp::MAX)
}

/// Returns when the next scheduled run after `now` starts: at 02:00 in Japan, all year.
pub fn next_scheduled_run(now: Timestamp) -> Timestamp {
    let tonight = later(midnight_in_japan(now), SignedDuration::from_hours(2));
    if now < tonight {
        tonight
    } else {
        later(tonight, SignedDuration::from_hours(24))
    }
}

/// Returns whether what ends at `ends` is due in a run at `now`: nobody would look after it between its end and the
/// next scheduled run.
pub fn is_due(ends: Timestamp, now: Timestamp) -> bool {
    ends < next_scheduled_run(now)
}

/// Returns `2026年11月25日 02:00(日本時間)`, for mails.
pub fn japanese_date_and_time(instant: Timestamp) -> String {
    formatted(instant, "%Y年%-m月%-d日 %H:%M(日本時間)")
}

/// Returns `11月25日 02:00`, for subjects of mails.
pub fn japanese_day_and_time(instant: Timestamp) -> String {
    formatted(instant, "%-m月%-d日 %H:%M")
}

/// Returns `2026年11月25日`, for mails.
pub fn japanese_date(instant: Timestamp) -> String {
    formatted(instant, "%Y年%-m月%-d日")
}

/// Returns `20261125`, for file names.
pub fn compact_date(instant: Timestamp) -> String {
    formatted(instant, "%Y%m%d")
}

/// Returns `20261125-0200`, for file names.
pub fn compact_date_and_time(instant: Timestamp) -> String {
    formatted(instant, "%Y%m%d-%H%M")
}

/// Returns `2026/11/25 02:00`, for pages.
pub fn date_and_time(instant: Timestamp) -> String {
    formatted(instant, "%Y/%m/%d %H:%M")
}

/// Returns `2026/11/25`, for pages.
pub fn slashed_date(instant: Timestamp) -> String {
    formatted(instant, "%Y/%m/%d")
}

/// Returns the calendar day in Japan.
pub fn day(instant: Timestamp) -> Date {
    in_japan(instant).date()
}

fn formatted(instant: Timestamp, format: &str) -> String {
    in_japan(instant).strftime(format).to_string()
}

/// Returns the midnight in Japan that the day of `instant` began with.
pub(crate) fn midnight_in_japan(instant: Timestamp) -> Timestamp {
    let day = in_japan(instant).start_of_day();
    day.map_or(instant, |midnight| midnight.timestamp())
}

/// Returns `2時30分`, for sentences on pages.
pub fn hour_and_minute(instant: Timestamp) -> String {
    formatted(instant, "%-H時%-M分")
}

/// Japan is nine hours ahead of UTC all year.
fn in_japan(instant: Timestamp) -> Zoned {
    instant.to_zoned(TimeZone::fixed(Offset::constant(9)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ends_before_the_next_two_in_the_morning_is_due() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        for (now, next) in [
            ("2026-11-24T01:59:59+09:00", "2026-11-24T02:00:00+09:00"),
            ("2026-11-24T02:00:00+09:00", "2026-11-25T02:00:00+09:00"),
            ("2026-11-24T23:30:00+09:00", "2026-11-25T02:00:00+09:00"),
            ("2026-12-31T02:10:00+09:00", "2027-01-01T02:00:00+09:00"),
        ] {
            let (now, next) = (at(now), at(next));
            assert_eq!(next_scheduled_run(now), next);
            assert!(!is_due(next, now));
            assert!(is_due(next - SignedDuration::from_secs(1), now));
        }
    }

    #[test]
    fn two_in_the_morning_in_japan_is_still_the_day_before_in_utc() {
        let instant: Timestamp = "2026-11-24T17:00:00Z".parse().unwrap();
        let full = japanese_date_and_time(instant);
        assert_eq!(full, "2026年11月25日 02:00(日本時間)");
        assert_eq!(japanese_date(instant), "2026年11月25日");
        assert_eq!(compact_date(instant), "20261125");
        assert_eq!(compact_date_and_time(instant), "20261125-0200");
        assert_eq!(date_and_time(instant), "2026/11/25 02:00");
        assert_eq!(day(instant).to_string(), "2026-11-25");
        assert_eq!(hour_and_minute(instant), "2時0分");
    }
}
