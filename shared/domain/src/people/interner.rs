//! Stores once what the users of a workspace have in common.
//!
//! Nearly all of them have the same groups and come from the same company. With a copy for each,
//! 100,000 users would need 50 MB more.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use crate::{GroupId, TenantId, User};

/// The groups and ids of the users seen so far.
#[derive(Debug, Default)]
pub struct Interner {
    sets: HashSet<Arc<BTreeSet<GroupId>>>,
    groups: HashSet<GroupId>,
    tenants: HashSet<TenantId>,
}

impl Interner {
    /// Returns the same user, who now shares with earlier ones what they have in common.
    pub fn share(&mut self, mut user: User) -> User {
        known(&mut self.sets, &mut user.groups);
        if let Some(link) = &mut user.crew_link {
            known(&mut self.tenants, &mut link.tenant_id);
        }
        if let Some(group) = &mut user.synced_group {
            known(&mut self.groups, group);
        }
        if let Some(invitation) = &mut user.invitation {
            known(
                &mut self.groups,
                &mut invitation.fields_at_invitation.default_group,
            );
        }
        user
    }
}

/// Replaces `mine` with an equal value that was seen before, if there is one.
fn known<T: Clone + Eq + std::hash::Hash>(seen: &mut HashSet<T>, mine: &mut T) {
    match seen.get(mine) {
        Some(same) => mine.clone_from(same),
        None => {
            seen.insert(mine.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::UserId;

    #[test]
    fn users_with_the_same_groups_hold_one_set_together_and_are_what_they_were() {
        let users =
            [("1", "editors"), ("2", "editors"), ("3", "readers")].map(|(id, group)| User {
                groups: Arc::new([GroupId::new(group)].into()),
                synced_group: Some(GroupId::new(group)),
                ..User::new(UserId::new(id), "田中 花子")
            });
        let mut interner = Interner::default();
        let shared = users.clone().map(|user| interner.share(user));
        assert!(Arc::ptr_eq(&shared[0].groups, &shared[1].groups));
        assert_eq!(shared, users);
    }
}
