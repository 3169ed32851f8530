//! How many users each choice of a filter would show.

use domain::{Connection, LoginMethod, Role, UserState};
use jiff::Timestamp;

use super::filter::Matches;
use super::{Roster, UserFilter};
use crate::unlink::is_linked;

/// The number of users whom the filter would match with each choice in the place of its own, the rest of it staying as
/// it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserCounts {
    /// In each state.
    pub states: [(UserState, usize); 7],
    /// Of each role.
    pub roles: [(Role, usize); 4],
    /// Who sign in so.
    pub login_methods: [(LoginMethod, usize); 2],
    /// Linked to SmartHR, and not.
    pub linked: [(bool, usize); 2],
}

impl Roster {
    /// UserCounts the users for each choice that `filter` may have.
    pub fn counts(
        &self,
        filter: &UserFilter,
        connection: Option<&Connection>,
        now: Timestamp,
    ) -> UserCounts {
        let mut counts = UserCounts {
            states: UserState::ALL.map(|state| (state, 0)),
            roles: Role::ALL.map(|role| (role, 0)),
            login_methods: [LoginMethod::Password, LoginMethod::Sso].map(|it| (it, 0)),
            linked: [(true, 0), (false, 0)],
        };
        for entry in &self.entries {
            let user = &entry.user;
            let matches = filter.matches(entry, connection, now);
            if (Matches {
                state: true,
                ..matches
            })
            .all()
            {
                count(&mut counts.states, |state| {
                    state.is_of(user, entry.last_sign_in, now)
                });
            }
            if (Matches {
                role: true,
                ..matches
            })
            .all()
            {
                count(&mut counts.roles, |role| role == user.role);
            }
            if (Matches {
                login_method: true,
                ..matches
            })
            .all()
            {
                count(&mut counts.login_methods, |it| it == user.login_method);
            }
            if (Matches {
                linked: true,
                ..matches
            })
            .all()
            {
                count(&mut counts.linked, |it| it == is_linked(user, connection));
            }
        }
        counts
    }
}

fn count<T: Copy>(counts: &mut [(T, usize)], is_of: impl Fn(T) -> bool) {
    for (choice, people) in counts {
        *people += usize::from(is_of(*choice));
    }
}
