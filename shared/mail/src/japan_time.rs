//! Dates and times in Japan, which is nine hours ahead of UTC all year.

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};

const JAPAN: Offset = Offset::constant(9);

/// Returns date and time in Japan, such as `2026年11月25日 02:00(日本時間)`.
pub(crate) fn date_and_time(moment: Timestamp) -> String {
    moment
        .to_zoned(TimeZone::fixed(JAPAN))
        .strftime("%Y年%-m月%-d日 %H:%M(日本時間)")
        .to_string()
}

/// Returns the date in Japan, such as `2026年11月25日`.
pub(crate) fn date(moment: Timestamp) -> String {
    moment
        .to_zoned(TimeZone::fixed(JAPAN))
        .strftime("%Y年%-m月%-d日")
        .to_string()
}

/// Returns the date in Japan for file names, such as `20261125`.
pub(crate) fn compact_date(moment: Timestamp) -> String {
    moment
        .to_zoned(TimeZone::fixed(JAPAN))
        .strftime("%Y%m%d")
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_in_the_morning_in_japan_is_still_the_day_before_in_utc() {
        let moment: Timestamp = "2026-11-24T17:00:00Z".parse().expect("timestamp");
        assert_eq!(date_and_time(moment), "2026年11月25日 02:00(日本時間)");
        assert_eq!(date(moment), "2026年11月25日");
        assert_eq!(compact_date(moment), "20261125");
    }
}
