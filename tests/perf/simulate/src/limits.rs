//! Limits of AWS: so much a second, and so much a day.

use std::collections::VecDeque;

use crate::time::{SECOND, Time};

/// A rate. What was not used in the last second may be used at once; AWS's longer bursts are not counted on.
#[derive(Clone, Debug)]
pub(crate) struct Rate {
    a_second: u64,
    /// What may be taken, in thousandths.
    left: u64,
    at: Time,
    /// What was taken altogether.
    pub(crate) taken: u64,
    /// How often nothing was left.
    pub(crate) refused: u64,
}

impl Rate {
    /// Creates a rate.
    pub(crate) fn new(a_second: u64) -> Self {
        Self {
            a_second,
            left: a_second * SECOND,
            at: 0,
            taken: 0,
            refused: 0,
        }
    }

    /// Returns whether so many are left at `now`.
    pub(crate) fn has(&mut self, now: Time, many: u64) -> bool {
        let gained = self.a_second * now.saturating_sub(self.at);
        self.left = (self.left + gained).min(self.a_second * SECOND);
        self.at = now;
        self.left >= many * SECOND
    }

    /// Takes so many at `now`, and returns whether they were left.
    pub(crate) fn take(&mut self, now: Time, many: u64) -> bool {
        let has = self.has(now, many);
        if has {
            self.left -= many * SECOND;
            self.taken += many;
        } else {
            self.refused += 1;
        }
        has
    }

    /// Returns which part of what could be taken in this time was taken, in percent.
    pub(crate) fn percent_in(&self, time: Time) -> u64 {
        self.taken * 100 * SECOND / (self.a_second * time.max(SECOND)).max(1)
    }
}

/// The mails that SES takes in any 24 hours.
#[derive(Clone, Debug)]
pub(crate) struct Quota {
    /// The most in that time.
    pub(crate) most: u64,
    over: Time,
    sent: VecDeque<Time>,
}

impl Quota {
    /// Creates a quota of so many in any such time.
    pub(crate) fn new(most: u64, over: Time) -> Self {
        let sent = VecDeque::new();
        Self { most, over, sent }
    }

    /// Returns how many were sent in the time before `now`.
    pub(crate) fn used(&mut self, now: Time) -> u64 {
        while self.sent.front().is_some_and(|at| at + self.over <= now) {
            self.sent.pop_front();
        }
        self.sent.len() as u64
    }

    /// Counts a mail.
    pub(crate) fn count(&mut self, now: Time) {
        self.sent.push_back(now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_gives_no_more_than_it_has_and_has_more_a_second_later() {
        let mut rate = Rate::new(2);
        assert!(rate.take(0, 1) && rate.take(0, 1) && !rate.take(0, 1));
        assert!(rate.take(500, 1) && !rate.take(501, 1));
        assert_eq!(rate.taken, 3);
        assert!(!rate.take(60_000, 3), "nothing is saved up");
    }

    #[test]
    fn a_mail_counts_for_a_day() {
        let mut quota = Quota::new(1, 10);
        quota.count(5);
        assert_eq!(quota.used(14), 1);
        assert_eq!(quota.used(15), 0);
    }
}
