//! The roster: the users of a workspace, all of them, in the memory of the console, so that lists, counts and searches
//! need not read everybody at each click ([`Rosters`]).

mod counts;
mod filter;
mod rosters;
mod sorting;

use std::sync::OnceLock;

use domain::text::search_key;
use domain::{GroupId, User, UserState, WorkspaceId};
use jiff::Timestamp;
use storage::deleted_users::DeletedUser;
use storage::users::UserAndSignIn;
use storage::{Store, StoreError};

pub use counts::UserCounts;
pub use filter::UserFilter;
pub use rosters::Rosters;
pub use sorting::{Direction, UserColumn};

use crate::restore::restorable_until;

/// The users of a workspace, and on request those who were deleted and can be restored.
#[derive(Debug, Default)]
pub struct Roster {
    entries: Vec<RosterEntry>,
    unreadable: usize,
    deleted: OnceLock<Vec<DeletedUser>>,
}

/// A user of the roster.
#[derive(Clone, Debug)]
pub struct RosterEntry {
    /// The user.
    pub user: User,
    /// The time of the last sign-in; `None` if none was noted.
    pub last_sign_in: Option<Timestamp>,
    /// What the user is looked up by, see [`keys`].
    keys: String,
}

impl From<UserAndSignIn> for RosterEntry {
    fn from(of: UserAndSignIn) -> Self {
        Self {
            keys: keys(&of.user),
            user: of.user,
            last_sign_in: of.last_sign_in,
        }
    }
}

/// Returns the [`search_key`]s of name, address and code, a line each, which no key has a break of.
fn keys(user: &User) -> String {
    let email = user.email.as_ref().map(|email| search_key(email.as_str()));
    let code = user.code.as_ref().map(|code| search_key(code.as_str()));
    let keys = [Some(search_key(&user.name)), email, code];
    keys.map(Option::unwrap_or_default).join("\n")
}

impl Roster {
    /// Reads all users.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn read(store: &Store, workspace_id: &WorkspaceId) -> Result<Self, StoreError> {
        let (users, unreadable) = store.users_and_sign_ins(workspace_id).await?;
        Ok(Self {
            entries: users.into_iter().map(RosterEntry::from).collect(),
            unreadable,
            deleted: OnceLock::new(),
        })
    }

    /// Returns all users, in the order of their ids.
    pub fn entries(&self) -> &[RosterEntry] {
        &self.entries
    }

    /// Returns the only user whose address or code is `text`, in whatever letters it is typed; `None` also if several
    /// have it so.
    pub fn named(&self, text: &str) -> Option<&RosterEntry> {
        let key = search_key(text);
        let is_named = |it: &&RosterEntry| {
            let mut identifiers = it.keys.split('\n').skip(1);
            !key.is_empty() && identifiers.any(|identifier| identifier == key)
        };
        let mut named = self.entries.iter().filter(is_named);
        named.next().filter(|_| named.next().is_none())
    }

    /// Returns the users who are in a group, in the order of their ids.
    pub fn members(&self, group: &GroupId) -> impl Iterator<Item = &RosterEntry> {
        let entries = self.entries.iter();
        entries.filter(|it| it.user.groups.contains(group))
    }

    /// Returns how many seats the users take, those included whose records cannot be read.
    pub fn seats_taken(&self) -> usize {
        self.entries.len() + self.unreadable
    }

    /// Returns how many users are in a state at `now`.
    pub fn people_in(&self, state: UserState, now: Timestamp) -> usize {
        let is_in = |it: &&RosterEntry| state.is_of(&it.user, it.last_sign_in, now);
        self.entries.iter().filter(is_in).count()
    }

    /// Returns the users who can be restored at `now` and whose name, address or code contains `text`, as typed; the
    /// last deleted come first. They are read when they are first asked for.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn restorable(
        &self,
        store: &Store,
        workspace_id: &WorkspaceId,
        text: &str,
        now: Timestamp,
    ) -> Result<Vec<&DeletedUser>, StoreError> {
        if self.deleted.get().is_none() {
            let read = store.deleted_users(workspace_id).await?;
            self.deleted.get_or_init(|| read);
        }
        let deleted = self.deleted.get().into_iter().flatten();
        let text = search_key(text);
        let is_asked_for = |it: &&DeletedUser| {
            now < restorable_until(it) && (text.is_empty() || keys(&it.user).contains(&text))
        };
        Ok(deleted.filter(is_asked_for).collect())
    }

    /// Returns how many people are in memory.
    fn size(&self) -> usize {
        self.entries.len() + self.deleted.get().map_or(0, Vec::len)
    }
}
