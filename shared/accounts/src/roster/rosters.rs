//! The rosters that a process keeps.

use std::sync::{Arc, Mutex, PoisonError};

use domain::WorkspaceId;
use jiff::{SignedDuration, Timestamp};
use storage::users_version::UsersVersion;
use storage::{Store, StoreError};

use super::Roster;

/// How many people are kept in memory: about 30 MB.
const MOST_PEOPLE: usize = 50_000;
/// How late a sign-in, or the new end of an invitation whose mail was late, may be seen. In the morning there is one
/// each second, and everybody would be read at each click.
const SIGN_INS_SEEN_WITHIN: SignedDuration = SignedDuration::from_mins(1);
/// When a roster is read again although nothing seems to have changed: a sign-in is counted after it was noted, and a
/// table may be restored.
const OLDEST: SignedDuration = SignedDuration::from_mins(15);

/// The rosters of the workspaces that were asked for last. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct Rosters {
    /// The one that was asked for last is the last.
    kept: Arc<Mutex<Vec<Kept>>>,
}

#[derive(Debug)]
struct Kept {
    workspace_id: WorkspaceId,
    /// The version that was there before the users were read.
    version: UsersVersion,
    read_at: Timestamp,
    roster: Arc<Roster>,
}

impl Kept {
    fn is_valid(&self, version: UsersVersion, now: Timestamp) -> bool {
        let age = now.duration_since(self.read_at);
        let longest = if self.version == version {
            OLDEST
        } else if self.version.is_same_but_for_sign_ins(version) {
            SIGN_INS_SEEN_WITHIN
        } else {
            SignedDuration::ZERO
        };
        (SignedDuration::ZERO..longest).contains(&age)
    }
}

impl Rosters {
    /// Returns the roster of a workspace: every change is in it that was written before the call, and every sign-in
    /// and new end of an invitation of more than a minute ago. One item is read, and all users only if they changed.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn of(
        &self,
        store: &Store,
        workspace_id: &WorkspaceId,
        now: Timestamp,
    ) -> Result<Arc<Roster>, StoreError> {
        let version = store.users_version(workspace_id).await?;
        let kept = self.take(workspace_id);
        let kept = kept.filter(|kept| kept.is_valid(version, now));
        let kept = match kept {
            Some(kept) => kept,
            None => Kept {
                workspace_id: workspace_id.clone(),
                version,
                read_at: now,
                roster: Arc::new(Roster::read(store, workspace_id).await?),
            },
        };
        let roster = Arc::clone(&kept.roster);
        self.keep(kept);
        Ok(roster)
    }

    /// Takes the roster of a workspace away, so that an outdated one is not in memory while everybody is read again.
    fn take(&self, workspace_id: &WorkspaceId) -> Option<Kept> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let mut places = kept.iter();
        let place = places.position(|kept| kept.workspace_id == *workspace_id)?;
        Some(kept.remove(place))
    }

    /// Keeps a roster in place of those that were not asked for the longest, when there are too many people.
    fn keep(&self, newest: Kept) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|kept| kept.workspace_id != newest.workspace_id);
        kept.push(newest);
        let mut people = 0;
        let fits = |kept: &&Kept| {
            people += kept.roster.size();
            people <= MOST_PEOPLE
        };
        // The newest one is kept however large it is: without it, its workspace would be read at each click.
        let fitting = kept.iter().rev().take_while(fits).count().max(1);
        let outdated = kept.len() - fitting;
        kept.drain(..outdated);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::user;
    use crate::roster::RosterEntry;
    use domain::Role;
    use storage::users::UserAndSignIn;

    fn roster_of(people: usize, workspace: &str) -> Kept {
        let user = user("u", Role::Member);
        let entry = RosterEntry::from(UserAndSignIn {
            user,
            last_sign_in: None,
        });
        Kept {
            workspace_id: WorkspaceId::new(workspace),
            version: UsersVersion::default(),
            read_at: Timestamp::UNIX_EPOCH,
            roster: Arc::new(Roster {
                entries: vec![entry; people],
                ..Roster::default()
            }),
        }
    }

    #[test]
    fn who_was_not_asked_for_the_longest_goes_when_there_are_too_many_people() {
        let rosters = Rosters::default();
        let is_kept = |workspace: &str| {
            let id = WorkspaceId::new(workspace);
            let kept = rosters.take(&id);
            kept.is_some_and(|kept| {
                rosters.keep(kept);
                true
            })
        };
        for workspace in ["a", "b"] {
            rosters.keep(roster_of(20_000, workspace));
        }
        assert!(is_kept("a"), "and is the newest now");
        rosters.keep(roster_of(20_000, "c"));
        assert!(is_kept("a") && is_kept("c") && !is_kept("b"));
        rosters.keep(roster_of(60_000, "large"));
        assert!(is_kept("large") && !is_kept("a") && !is_kept("c"));
    }
}
