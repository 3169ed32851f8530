//! Retire: decides which retired people's users are deleted.

use super::{FailedPerson, LinkedPerson, guard};
use crate::{Failure, HeldBecause, PlanInput, RecentDeletions, Role, Status, User};

/// Retired people by what happens to their users, each list in the order of work.
#[derive(Default)]
pub(crate) struct Deletions<'a> {
    /// Their users are deleted by this run.
    pub(crate) due: Vec<LinkedPerson<'a>>,
    /// Their deletions wait for an admin.
    pub(crate) held: Vec<LinkedPerson<'a>>,
    /// Why they wait.
    pub(crate) held_because: HeldBecause,
    /// An admin refused their deletions.
    pub(crate) kept: Vec<LinkedPerson<'a>>,
    /// The last システム管理者, who is not deleted.
    pub(crate) spared: Option<LinkedPerson<'a>>,
    /// A システム管理者 who is not deleted while others are; `None` when no システム管理者 is deleted.
    pub(crate) stays: Option<&'a User>,
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
        // With a record that cannot be read it is unknown what else is wrong.
        let is_unreadable = !input.unreadable_users.is_empty();
        let many_at_once = guard::is_too_many(unanswered, linked_users);
        let RecentDeletions {
            by_other_runs,
            by_this_run,
        } = input.recent_deletions;
        // What this run deleted before it was interrupted was linked when it began.
        let many_within_a_day = guard::is_too_many(
            unanswered + by_other_runs + by_this_run,
            linked_users + by_this_run,
        );
        let hold_all = decisions.more_held || is_unreadable || many_at_once || many_within_a_day;
        let mut deletions = Self {
            held_because: if many_at_once {
                HeldBecause::ManyRetire
            } else if many_within_a_day {
                HeldBecause::ManyRetireWithinADay
            } else if is_unreadable {
                HeldBecause::UnreadableUser
            } else {
                HeldBecause::AskedBefore
            },
            ..Self::default()
        };
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
        deletions.spare_last_system_administrator(input);
        deletions
    }

    /// Keeps one システム管理者: when all of those who chose a password are due, the last in the order of work
    /// stays and is reported. Those with an initial password count only while nobody chose one, others
    /// only while nobody has a password, and invited ones only while nobody has come in.
    fn spare_last_system_administrator(&mut self, input: &PlanInput<'a>) {
        let is_administrator = |user: &User| user.role == Role::SystemAdministrator;
        if !self.due.iter().any(|person| is_administrator(person.user)) {
            return;
        }
        let has_way_in = |user: &User| user.is_system_administrator_with_password(input.now);
        let is_active = |user: &User| is_administrator(user) && user.status == Status::Active;
        let ranks: [&dyn Fn(&User) -> bool; 4] = [
            &User::is_system_administrator_with_own_password,
            &has_way_in,
            &is_active,
            &is_administrator,
        ];
        let Some(counts) = ranks
            .into_iter()
            .find(|counts| input.users.iter().any(counts))
        else {
            return;
        };
        let is_due = |user: &User| {
            let mut due = self.due.iter();
            due.any(|person| person.user.user_id == user.user_id)
        };
        self.stays = input
            .users
            .iter()
            .find(|user| counts(user) && !is_due(user));
        if self.stays.is_some() {
            return;
        }
        if let Some(last) = self.due.iter().rposition(|person| counts(person.user)) {
            let spared = self.due.remove(last);
            self.stays = Some(spared.user);
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
