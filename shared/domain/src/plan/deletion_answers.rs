//! The admins' answers to held deletions.
//!
//! Held deletions stay held until an admin answers, even if fewer people retire in the next night. Only the newest
//! run asks.

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
