//! Whom the sync leaves out though they wait for a link.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{Plan, UserId};

/// The most people who are listed: they share an item of DynamoDB with the answers of admins.
const MOST: usize = 500;

/// People with an open link whom the last run left out (対象外).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LeftOutOfSync {
    users: BTreeSet<UserId>,
    /// Whether there are more than are listed: nobody is promised a link then.
    more: bool,
}

impl LeftOutOfSync {
    /// Returns who is left out after `plan`: those whom it leaves out, and those whom it did not look at.
    #[must_use]
    pub fn after(&self, plan: &Plan<'_>) -> Self {
        let with_link = plan.out_of_scope.iter().map(|it| it.user);
        let with_link = with_link.filter(|user| user.invitation.is_some());
        let now: BTreeSet<&UserId> = with_link.map(|user| &user.user_id).collect();
        let before = self.users.iter().filter(|id| !plan.looks_at(id));
        let all: BTreeSet<&UserId> = now.into_iter().chain(before).collect();
        let mut all = all.into_iter();
        Self {
            users: all.by_ref().take(MOST).cloned().collect(),
            more: all.next().is_some() || self.more && plan.is_of_reported(),
        }
    }

    /// Removes those who are erased.
    pub fn forget(&mut self, is_erased: impl Fn(&UserId) -> bool) {
        self.users.retain(|user_id| !is_erased(user_id));
    }

    /// Returns whether the user may have been left out.
    pub(super) fn contains(&self, user_id: &UserId) -> bool {
        self.more || self.users.contains(user_id)
    }

    /// Returns whether nobody was.
    pub(super) fn is_nobody(&self) -> bool {
        *self == Self::default()
    }
}
