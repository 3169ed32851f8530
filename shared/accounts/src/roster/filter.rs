//! Whom the list of users shows.

use domain::text::search_key;
use domain::{AwaitedLogin, Connection, GroupId, LoginMethod, Role, Status, UserState};
use jiff::Timestamp;

use super::{Roster, RosterEntry};
use crate::unlink::is_linked;

/// The condition that listed users satisfy. `None` means all of them.
#[derive(Clone, Debug, Default)]
pub struct UserFilter {
    /// The [`search_key`] of a part of a name, an address or a code; empty for every user.
    pub text: String,
    /// In this state.
    pub state: Option<UserState>,
    /// Of this role.
    pub role: Option<Role>,
    /// Who sign in so.
    pub login_method: Option<LoginMethod>,
    /// Whether they are linked to SmartHR.
    pub linked: Option<bool>,
    /// Of this status.
    pub status: Option<Status>,
    /// Whose login is awaited.
    pub awaited: Option<AwaitedLogin>,
    /// Who are in this group.
    pub group: Option<GroupId>,
}

impl UserFilter {
    /// Creates a filter of those whose name, address or code contains `text`, as typed.
    pub fn of_text(text: &str) -> Self {
        Self {
            text: search_key(text),
            ..Self::default()
        }
    }

    /// Returns whether the filter may leave anybody out.
    pub fn is_narrow(&self) -> bool {
        !self.text.is_empty()
            || self.state.is_some()
            || self.role.is_some()
            || self.login_method.is_some()
            || self.linked.is_some()
            || self.status.is_some()
            || self.awaited.is_some()
            || self.group.is_some()
    }

    /// Returns which parts of the filter match a user.
    pub(super) fn matches(
        &self,
        entry: &RosterEntry,
        connection: Option<&Connection>,
        now: Timestamp,
    ) -> Matches {
        let user = &entry.user;
        Matches {
            rest: (self.text.is_empty() || entry.keys.contains(&self.text))
                && self.status.is_none_or(|status| status == user.status)
                && self.awaited.is_none_or(|it| it.is_of(user, now))
                && self
                    .group
                    .as_ref()
                    .is_none_or(|it| user.groups.contains(it)),
            state: self
                .state
                .is_none_or(|state| state.is_of(user, entry.last_sign_in, now)),
            role: self.role.is_none_or(|role| role == user.role),
            login_method: self.login_method.is_none_or(|it| it == user.login_method),
            linked: self
                .linked
                .is_none_or(|linked| linked == is_linked(user, connection)),
        }
    }
}

/// Which parts of a filter match a user.
#[derive(Clone, Copy, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a part of the filter"
)]
pub(super) struct Matches {
    pub(super) state: bool,
    pub(super) role: bool,
    pub(super) login_method: bool,
    pub(super) linked: bool,
    /// All other parts.
    pub(super) rest: bool,
}

impl Matches {
    pub(super) fn all(self) -> bool {
        self.state && self.role && self.login_method && self.linked && self.rest
    }
}

impl Roster {
    /// Returns the users whom `filter` matches, in the order of their ids. `connection` is that of the workspace.
    pub fn found(
        &self,
        filter: &UserFilter,
        connection: Option<&Connection>,
        now: Timestamp,
    ) -> Vec<&RosterEntry> {
        let is_found = |it: &&RosterEntry| filter.matches(it, connection, now).all();
        self.entries.iter().filter(is_found).collect()
    }
}
