//! What keeps a run from removing people by mistake.
//!
//! Held deletions stay held until an admin answers, even if fewer people retire in the next night. Only the newest
//! run asks.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{Change, Failure, Plan, UserId};

/// The most users in each list of [`DeletionDecisions`]: three full lists of ids with 36 letters
/// take 333 of the 400 KB that an item in DynamoDB may have. The deletion of a user who is not
/// listed stays held.
pub const MAX_LISTED: usize = 3_000;

/// An admin's answer to held deletions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(
    feature = "openapi",
    derive(utoipa::ToSchema),
    schema(as = DecisionWord, description = "The answer to held deletions: 許可, 拒否")
)]
pub enum Decision {
    /// 許可: the next run deletes them.
    Allow,
    /// 拒否: they stay, although they are retired in SmartHR.
    Refuse,
}

/// An admin's answers to held deletions, by user.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DeletionDecisions {
    /// Users who may be deleted although there are many.
    pub allowed: BTreeSet<UserId>,
    /// Users who stay although they are retired in SmartHR.
    pub refused: BTreeSet<UserId>,
    /// Users whose deletion an earlier run held and no admin has answered yet. They wait for an
    /// answer even when fewer people are retired by now, or more are linked: a held deletion is
    /// never made without one.
    pub held: BTreeSet<UserId>,
    /// Whether more were held than `held` lists. Until all are listed, nobody is deleted without an
    /// answer.
    pub more_held: bool,
}

impl DeletionDecisions {
    /// Returns what to remember after `plan` was applied: the deletions that it held, and the
    /// answers about people who are still retired, so that an old answer does not apply to somebody
    /// rehired who leaves again. `self` are the answers after the run, so that one which an admin
    /// made during the run is kept.
    #[must_use]
    pub fn after(&self, plan: &Plan<'_>) -> Self {
        let held = plan.held.iter().map(|person| &person.user.user_id);
        let kept = plan.kept.iter().map(|person| &person.user.user_id);
        let deleted = plan.changes.iter().filter_map(|change| match change {
            Change::Delete { user, .. } => Some(&user.user_id),
            Change::Add { .. } | Change::Alter { .. } => None,
        });
        let spared = plan
            .failures
            .iter()
            .filter(|failed| failed.failure == Failure::LastSystemAdministrator)
            .filter_map(|failed| Some(&failed.user?.user_id));
        let retired: BTreeSet<&UserId> = held
            .clone()
            .chain(kept)
            .chain(deleted)
            .chain(spared)
            .collect();
        let still = |answered: &BTreeSet<UserId>| -> BTreeSet<UserId> {
            let answered = answered.iter();
            answered
                .filter(|id| retired.contains(id) || !plan.looks_at(id))
                .cloned()
                .collect()
        };
        let held_before = self.held.iter().filter(|id| !plan.looks_at(id));
        let held: BTreeSet<&UserId> = held.chain(held_before).collect();
        let mut unanswered = held
            .into_iter()
            .filter(|id| !self.allowed.contains(id) && !self.refused.contains(id));
        Self {
            allowed: still(&self.allowed),
            refused: still(&self.refused),
            held: unanswered.by_ref().take(MAX_LISTED).cloned().collect(),
            more_held: unanswered.next().is_some() || self.more_held && plan.is_of_reported(),
        }
    }

    /// Returns the answer about the deletion of this user; `None` if there is none.
    pub fn answer_to(&self, user_id: &UserId) -> Option<Decision> {
        if self.allowed.contains(user_id) {
            Some(Decision::Allow)
        } else {
            let is_refused = self.refused.contains(user_id);
            is_refused.then_some(Decision::Refuse)
        }
    }

    /// Returns whether the deletion of the user is held, or was answered and is still to be carried out.
    pub fn is_about(&self, user_id: &UserId) -> bool {
        let all = [&self.held, &self.allowed, &self.refused];
        self.more_held || all.iter().any(|users| users.contains(user_id))
    }

    /// Returns these answers and the deletions that `plan` holds, to be remembered before it is
    /// applied.
    #[must_use]
    pub fn with_held(&self, plan: &Plan<'_>) -> Self {
        let after = self.after(plan);
        Self {
            held: &self.held | &after.held,
            more_held: self.more_held || after.more_held,
            ..self.clone()
        }
    }
}

/// Why a run holds deletions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HeldBecause {
    /// More people are retired at once than may go without an answer.
    #[default]
    ManyRetire,
    /// More people retired within 24 hours than may go without an answer, a few at a time.
    ManyRetireWithinADay,
    /// The record of a user cannot be read, and it is unknown what else is wrong.
    UnreadableUser,
    /// An earlier run held them, and nobody has answered yet.
    AskedBefore,
}

impl HeldBecause {
    /// Returns the reason as the screen says it, to be continued after a comma.
    pub fn label(self) -> &'static str {
        match self {
            Self::ManyRetire => "一度に多くの退職者がいるため",
            Self::ManyRetireWithinADay => "24時間以内に多くの退職者がいるため",
            Self::UnreadableUser => {
                "KiteRaのシステムで読み取れないユーザーの情報があり、退職による削除が正しいかを確認できないため"
            }
            Self::AskedBefore => "前回までの同期で確認をお願いした削除に、まだ回答がないため",
        }
    }
}

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

    /// Returns what the deletions of a batch at `now` count from: the end of its ten minutes, so that however many batches
    /// there are, a day has few counts, and none ends too early.
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

/// Returns whether an admin must confirm this many deletions within 24 hours: more than
/// max(5, 20 % of the linked users).
pub fn holds(deletions: usize, linked: usize) -> bool {
    deletions > 5 && deletions * 5 > linked
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

    #[test]
    fn five_leavers_always_go_and_a_sixth_needs_a_large_company() {
        assert!(!holds(5, 5));
        assert!(holds(6, 29));
        assert!(!holds(6, 30));
        assert!(!holds(2_000, 10_000));
        assert!(holds(2_001, 10_000));
    }
}
