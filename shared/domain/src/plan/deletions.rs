//! Retire: decides which retired people's users are deleted.

use super::{FailedPerson, LinkedPerson, guard};
use crate::{Failure, PlanInput, Role, Status, User};

/// Retired people by what happens to their users, each list in the order of work.
#[derive(Default)]
pub(crate) struct Deletions<'a> {
    /// Their users are deleted by this run.
    pub(crate) due: Vec<LinkedPerson<'a>>,
    /// Their deletions wait for an admin.
    pub(crate) held: Vec<LinkedPerson<'a>>,
    /// An admin refused their deletions.
    pub(crate) kept: Vec<LinkedPerson<'a>>,
    /// The last システム管理者, who is not deleted.
    pub(crate) spared: Option<LinkedPerson<'a>>,
    /// The value of [`super::Plan::stays_system_administrator`].
    pub(crate) stays_system_administrator: Option<&'a User>,
}

impl<'a> Deletions<'a> {
    /// Applies the admins' answers, then the deletion guard, then spares the last システム管理者.
    pub(crate) fn decide(
        input: &PlanInput<'a>,
        linked_users: usize,
        retired: Vec<LinkedPerson<'a>>,
    ) -> Self {
        let decisions = input.decisions;
        let is_refused = |user: &User| decisions.refused.contains(&user.user_id);
        let is_allowed = |user: &User| decisions.allowed.contains(&user.user_id);
        let unanswered = retired
            .iter()
            .filter(|person| !is_refused(person.user) && !is_allowed(person.user))
            .count();
        let hold_all = decisions.more_held || guard::holds(unanswered, linked_users);
        let mut deletions = Self::default();
        for person in retired {
            let list = if is_refused(person.user) {
                &mut deletions.kept
            } else if is_allowed(person.user) {
                &mut deletions.due
            } else if hold_all || decisions.held.contains(&person.user.user_id) {
                &mut deletions.held
            } else {
                &mut deletions.due
            };
            list.push(person);
        }
        deletions.spare_last_system_administrator(input.users);
        deletions
    }

    /// Keeps one システム管理者: when all of those who can sign in are due, the last in the order of
    /// work stays and is reported. Invited ones count only while nobody can sign in.
    fn spare_last_system_administrator(&mut self, users: &'a [User]) {
        let is_administrator = |user: &User| user.role == Role::SystemAdministrator;
        if !self.due.iter().any(|person| is_administrator(person.user)) {
            return;
        }
        let signs_in = |user: &User| is_administrator(user) && user.status == Status::Active;
        let somebody_signs_in = users.iter().any(signs_in);
        let counts = |user: &User| signs_in(user) || (is_administrator(user) && !somebody_signs_in);
        let is_due = |user: &User| {
            let mut due = self.due.iter();
            due.any(|person| person.user.user_id == user.user_id)
        };
        self.stays_system_administrator = users.iter().find(|user| counts(user) && !is_due(user));
        if self.stays_system_administrator.is_some() {
            return;
        }
        if let Some(last) = self.due.iter().rposition(|person| counts(person.user)) {
            let spared = self.due.remove(last);
            self.stays_system_administrator = Some(spared.user);
            self.spared = Some(spared);
        }
    }

    /// Returns the failure of the last システム管理者, if one was spared.
    pub(crate) fn failure(&self) -> Option<FailedPerson<'a>> {
        self.spared
            .map(|LinkedPerson { employee, user }| FailedPerson {
                employee,
                user: Some(user),
                first_login: None,
                failure: Failure::LastSystemAdministrator,
            })
    }
}
