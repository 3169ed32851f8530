//! The clock of a simulation: milliseconds since 02:00.

/// A time, or a duration, in milliseconds.
pub type Time = u64;

/// A second.
pub const SECOND: Time = 1_000;
/// A minute.
pub const MINUTE: Time = 60 * SECOND;
/// An hour.
pub const HOUR: Time = 60 * MINUTE;
/// A day.
pub const DAY: Time = 24 * HOUR;

/// Returns the time of day in Japan, `HH:MM:SS`; after midnight the hours go on from 24.
pub fn of_day(at: Time) -> String {
    let seconds = (2 * HOUR + at) / SECOND;
    let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
    format!("{hours:02}:{minutes:02}:{:02}", seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_night_begins_at_two_and_goes_on_after_midnight() {
        assert_eq!(of_day(0), "02:00:00");
        assert_eq!(of_day(5 * MINUTE + 999), "02:05:00");
        assert_eq!(of_day(DAY + HOUR), "27:00:00");
    }
}
