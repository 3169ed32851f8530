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
    /// Returns whom `plan` leaves out.
    pub fn of(plan: &Plan<'_>) -> Self {
        let with_link = plan.out_of_scope.iter().map(|it| it.user);
        let mut with_link = with_link.filter(|user| user.invitation.is_some());
        let users = with_link.by_ref().take(MOST);
        Self {
            users: users.map(|user| user.user_id.clone()).collect(),
            more: with_link.next().is_some(),
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
