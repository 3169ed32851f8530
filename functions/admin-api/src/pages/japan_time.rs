//! Timestamps in Japan time, as pages show them. Japan is nine hours ahead of UTC all year.

use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, Zoned};

/// Returns the date and time, such as `2026/11/25 02:00`.
pub(crate) fn date_and_time(moment: Timestamp) -> String {
    in_japan(moment).strftime("%Y/%m/%d %H:%M").to_string()
}

/// Returns the month and day, such as `11/25`.
pub(crate) fn day(moment: Timestamp) -> String {
    in_japan(moment).strftime("%-m/%-d").to_string()
}

fn in_japan(moment: Timestamp) -> Zoned {
    moment.to_zoned(TimeZone::fixed(Offset::constant(9)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_in_the_morning_in_japan_is_still_the_day_before_in_utc() {
        let moment: Timestamp = "2026-11-24T17:00:00Z".parse().unwrap();
        assert_eq!(date_and_time(moment), "2026/11/25 02:00");
        assert_eq!(day(moment), "11/25");
    }
}
