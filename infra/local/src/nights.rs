//! Nights in a row, each told in one line, and held against what was counted by hand.

use std::time::Duration;

use jiff::{
    Timestamp, ToSpan,
    tz::{TimeZone, offset},
};
use local::{Error, Mail, Night, Stack};

use crate::admin::{ADMIN, Admin};

/// The nights of a stack.
pub(crate) struct Nights<'a> {
    stack: &'a Stack,
    mails_before: usize,
}

impl<'a> Nights<'a> {
    /// Counts mails from now on.
    ///
    /// # Errors
    /// A mail is stuck.
    pub(crate) async fn from_now(stack: &'a Stack) -> Result<Self, Error> {
        let mails_before = stack.mails().await?.len();
        Ok(Self {
            stack,
            mails_before,
        })
    }

    /// The next night: moves everybody's clock to 02:00 in Japan, waits until all is done, and tells it.
    /// Gives its mails.
    ///
    /// # Errors
    /// Something failed, or it did not go as `expected`.
    pub(crate) async fn next(&mut self, expected: Option<&str>) -> Result<Vec<Mail>, Error> {
        let clock = self.stack.clock();
        clock.advance(until_two_in_japan(clock.now()))?;
        let night = self.stack.night().await?;
        let mails = self.stack.mails().await?.split_off(self.mails_before);
        self.mails_before += mails.len();
        let told = summary(&night, &mails);
        println!("{told}");
        Admin::sign_in(self.stack.base_url(), ADMIN)
            .await?
            .print_failures()
            .await?;
        match expected {
            Some(expected) if told != expected => Err(Error::Malformed {
                what: "the night",
                reason: format!("expected {expected}"),
            }),
            _ => Ok(mails),
        }
    }
}

/// How long it is until it is 02:00 in Japan, which has no summer time.
fn until_two_in_japan(now: Timestamp) -> Duration {
    let here = now.to_zoned(TimeZone::fixed(offset(9)));
    let today = here.date().at(2, 0, 0, 0);
    let next = if here.datetime() < today {
        today
    } else {
        today.saturating_add(1.day())
    };
    let seconds = next.duration_since(here.datetime()).as_secs();
    Duration::from_secs(seconds.unsigned_abs() + 1)
}

/// One line about a night: what happened to people in all runs, and what was mailed.
fn summary(night: &Night, mails: &[Mail]) -> String {
    let csv = mails.iter().filter(|mail| !mail.attachments.is_empty());
    let (mails, csv) = (mails.len(), csv.count());
    let people = |what: &str| -> u64 {
        let runs = night.runs.iter();
        runs.filter_map(|run| run["counts"][what].as_u64()).sum()
    };
    let held = match people("held") {
        0 => String::new(),
        held => format!(" held={held}"),
    };
    format!(
        "night: invited={} registered={} updated={} deleted={} failed={}{held} mails={mails} csv={csv}",
        people("invited"),
        people("registered"),
        people("updated"),
        people("deleted"),
        people("failed"),
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_night_is_told_in_one_line() {
        let counts =
            json!({ "invited": 3, "registered": 1, "updated": 0, "deleted": 2, "failed": 4 });
        let mut night = Night {
            now: Timestamp::UNIX_EPOCH,
            runs: vec![
                json!({ "counts": counts }),
                json!({ "counts": { "invited": 1 } }),
            ],
        };
        assert_eq!(
            summary(&night, &[]),
            "night: invited=4 registered=1 updated=0 deleted=2 failed=4 mails=0 csv=0"
        );
        night.runs = vec![json!({ "counts": { "held": 30 } })];
        assert_eq!(
            summary(&night, &[]),
            "night: invited=0 registered=0 updated=0 deleted=0 failed=0 held=30 mails=0 csv=0"
        );
    }

    #[test]
    fn the_night_is_the_next_one_in_japan() {
        let before_midnight: Timestamp = "2026-11-22T14:00:00Z".parse().unwrap();
        assert_eq!(until_two_in_japan(before_midnight).as_secs(), 3 * 3600 + 1);
        let after_it_began: Timestamp = "2026-11-22T17:00:01Z".parse().unwrap();
        assert_eq!(until_two_in_japan(after_it_began).as_secs(), 24 * 3600);
    }
}
