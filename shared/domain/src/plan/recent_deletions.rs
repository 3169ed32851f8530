//! How many deletions without an admin's answer the runs of a workspace made within 24 hours.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// Deletions without an admin's answer in the 24 hours before a plan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RecentDeletions {
    /// How many other runs made, however they were started.
    pub by_other_runs: usize,
    /// How many this run made before it was interrupted.
    pub by_this_run: usize,
}

/// How long a deletion counts. Nights are exactly as far apart, and do not add up.
const COUNTED_FOR: SignedDuration = SignedDuration::from_hours(24);

/// How many deletions without an admin's answer runs made at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct DeletionCount {
    at: Timestamp,
    count: usize,
}

/// The deletions without an admin's answer that the workspace's runs made within 24 hours.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CountedDeletions(Vec<DeletionCount>);

impl CountedDeletions {
    /// Returns what a plan has to know of a run whose own deletions count from `at`.
    pub fn recent(&self, at: Timestamp) -> RecentDeletions {
        let mut recent = RecentDeletions::default();
        for counted in self.within_a_day(at) {
            if counted.at == at {
                recent.by_this_run += counted.count;
            } else {
                recent.by_other_runs += counted.count;
            }
        }
        recent
    }

    /// Returns the counts after a run whose deletions count from `at` made `count` more.
    #[must_use]
    pub fn with(&self, at: Timestamp, count: usize) -> Self {
        let mut counts: Vec<DeletionCount> = self.within_a_day(at).collect();
        match counts.iter_mut().find(|counted| counted.at == at) {
            Some(counted) => counted.count += count,
            None => counts.push(DeletionCount { at, count }),
        }
        Self(counts)
    }

    /// Returns what the deletions of a batch at `now` count from: the end of its ten minutes, so that however many
    /// batches there are, a day has few counts, and none ends too early.
    pub fn end_of_ten_minutes(now: Timestamp) -> Timestamp {
        const TEN_MINUTES: i64 = 600;
        let ended = now.as_second().div_euclid(TEN_MINUTES);
        Timestamp::from_second((ended + 1) * TEN_MINUTES).unwrap_or(now)
    }

    fn within_a_day(&self, at: Timestamp) -> impl Iterator<Item = DeletionCount> {
        let counted = self.0.iter().copied();
        counted.filter(move |counted| at.duration_since(counted.at) < COUNTED_FOR)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deletions_count_for_less_than_a_day_and_those_of_the_run_itself_apart() {
        let night: Timestamp = "2026-11-23T02:00:00+09:00".parse().unwrap();
        let hours_later = |hours| night + SignedDuration::from_hours(hours);
        let counted = CountedDeletions::default().with(night, 3);
        let counted = counted.with(hours_later(12), 1).with(night, 1);
        let recent = |by_other_runs, by_this_run| RecentDeletions {
            by_other_runs,
            by_this_run,
        };
        assert_eq!(counted.recent(night), recent(1, 4));
        assert_eq!(counted.recent(hours_later(23)), recent(5, 0));
        assert_eq!(counted.recent(hours_later(24)), recent(1, 0));
        let pruned = counted.with(hours_later(24), 2);
        assert_eq!(pruned.recent(night), recent(3, 0));
    }
}
