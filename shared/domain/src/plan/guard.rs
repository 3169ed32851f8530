//! What keeps a run from removing people by mistake.

use std::collections::BTreeSet;

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
                .filter(|id| retired.contains(id))
                .cloned()
                .collect()
        };
        let mut unanswered =
            held.filter(|id| !self.allowed.contains(id) && !self.refused.contains(id));
        Self {
            allowed: still(&self.allowed),
            refused: still(&self.refused),
            held: unanswered.by_ref().take(MAX_LISTED).cloned().collect(),
            more_held: unanswered.next().is_some(),
        }
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
    /// The record of a user cannot be read, and it is unknown what else is wrong.
    UnreadableUser,
    /// An earlier run held them, and nobody has answered yet.
    AskedBefore,
}

impl HeldBecause {
    /// Returns the reason in words of the screen, to be continued after a comma.
    pub fn words(self) -> &'static str {
        match self {
            Self::ManyRetire => "一度に多くの退職者がいるため",
            Self::UnreadableUser => {
                "KiteRaのシステムで読み取れないユーザーの情報があり、退職による削除が正しいかを確認できないため"
            }
            Self::AskedBefore => "前回までの同期で確認をお願いした削除に、まだ回答がないため",
        }
    }
}

/// Returns whether an admin must confirm this many deletions in one run: more than
/// max(5, 20 % of the linked users).
pub fn holds(deletions: usize, linked: usize) -> bool {
    deletions > 5 && deletions * 5 > linked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_leavers_always_go_and_a_sixth_needs_a_large_company() {
        assert!(!holds(5, 5));
        assert!(holds(6, 29));
        assert!(!holds(6, 30));
        assert!(!holds(2_000, 10_000));
        assert!(holds(2_001, 10_000));
    }
}
