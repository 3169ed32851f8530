//! The plan of a run: what it would do to each person, as data. The preview shows it, the run
//! applies it, the log reports it.
//!
//! [`plan`] works in phases, one file each (docs/design.md, "What happens to a person"):
//!
//! | phase | question | file |
//! |---|---|---|
//! | match | Which user is linked to which crew? | `match_by_crew` |
//! | permissions | Which attribute do most people suddenly lack? | `permissions` |
//! | scope | Who is retired, in scope, out of scope? | `scope` |
//! | retire, guard | Which users are deleted, and which deletions are held? | `deletions`, `guard`, `recent_deletions`, `deletion_answers` |
//! | candidates | Which unlinked user does a person in scope already have? | `candidate`, `match_by_identifier` |
//! | rules | Who has no name, no SSO, or an address of a domain that is not allowed? | `rules` |
//! | account changes | Which admin's way to sign in stays as it is until a システム管理者 answers? | `account_changes` |
//! | waiting | Who waits for the night, or for the end of an hour, in an immediate run? | `waits` |
//! | lock-out | Which システム管理者 keeps the password, so that one can sign in? | `lock_out` |
//! | identifiers | Who gets which address and code, and in which order? | `duplicates`, `taken`, `hand_over` |
//! | seats | Who gets the last seats? | `seats` |
//! | changes | What is written for each person? | `decide`, `planner` |
//!
//! `steps` then cuts the plan into transactions, and `apply` computes a user after a change.

pub mod account_changes;
pub mod apply;
mod candidate;
mod change;
mod decide;
pub mod deletion_answers;
mod deletions;
mod desired_fields;
mod duplicates;
mod failure;
mod first_login;
pub(crate) mod guard;
mod hand_over;
mod identifiers;
mod input;
mod lock_out;
mod match_by_crew;
mod match_by_identifier;
mod permissions;
mod planner;
pub(crate) mod recent_deletions;
mod rules;
mod scope;
mod seats;
pub mod steps;
mod taken;
mod waits;

use std::collections::HashSet;
use std::ops::Range;

pub use change::{Alteration, Change};
pub use failure::Failure;
pub use first_login::FirstLogin;
pub use input::{PlanInput, PlanScope};
pub use planner::plan;
pub use waits::WaitReason;

use account_changes::HeldAccountChange;

use crate::run_failure::SmartHrField;
use crate::{Employee, User, UserId};

/// A person in SmartHR and the user who is linked to them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LinkedPerson<'a> {
    /// The person as read from SmartHR.
    pub employee: &'a Employee,
    /// The user as read from the database.
    pub user: &'a User,
}

/// A person whose account stays as it is, because nobody allowed the change, and who does not change
/// otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonWithHeldChange<'a> {
    /// The person as read from SmartHR.
    pub employee: &'a Employee,
    /// The user, a システム管理者 or 管理者, as read from the database.
    pub user: &'a User,
    /// The change that is not made.
    pub held: HeldAccountChange,
}

/// A user whom the sync no longer looks after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UserOutOfScope<'a> {
    /// The user, who is kept and still signs in.
    pub user: &'a User,
    /// Why the sync leaves the user out.
    pub reason: OutOfScopeReason,
}

/// Why the sync leaves a user out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutOfScopeReason {
    /// 同期対象 is 全てのユーザー, and the person has no e-mail address.
    NoEmail,
    /// 同期対象 is 特定のユーザー, and the person's item 「連携対象」 is not 連携する.
    NotChosen,
    /// The person is no longer in SmartHR.
    GoneFromSmartHr,
    /// The person is not chosen because of an attribute that most people suddenly lack.
    Lost(SmartHrField),
    /// The user is linked to the company that was connected before, and to nobody in the present one.
    OfFormerCompany,
}

/// A person who could not be synced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailedPerson<'a> {
    /// The person as read from SmartHR.
    pub employee: &'a Employee,
    /// The person's user, which stays as it is; `None` if they have none.
    pub user: Option<&'a User>,
    /// The first login that the person would have had; `None` if they have a user.
    pub first_login: Option<FirstLogin>,
    /// Why the person could not be synced.
    pub failure: Failure,
}

/// A person whom an immediate run leaves as they are for now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitingPerson<'a> {
    /// The person as read from SmartHR.
    pub employee: &'a Employee,
    /// The person's user, which stays as it is; `None` if they have none.
    pub user: Option<&'a User>,
    /// The first login that the person is going to have; `None` if they have a user.
    pub first_login: Option<FirstLogin>,
    /// What the person waits for.
    pub wait_reason: WaitReason,
}

/// What a run would do to everybody whom it looks at.
#[derive(Debug, Default)]
pub struct Plan<'a> {
    /// In the order of work. Deletions come first: they free seats, addresses and codes. Then
    /// come updates, those who give up an address or code before those who take it. Additions
    /// come last, by employee code and crew id, so that the same people get the last seats every
    /// night.
    pub changes: Vec<Change<'a>>,
    /// Ranges of `changes` whose people exchange addresses or codes in a circle. Each is written
    /// in one transaction.
    pub together: Vec<Range<usize>>,
    /// The people who could not be synced.
    pub failures: Vec<FailedPerson<'a>>,
    /// The people whose user already is as SmartHR and the settings say.
    pub unchanged: Vec<LinkedPerson<'a>>,
    /// システム管理者 and 管理者 whose account changes are not made. Those who change otherwise are in
    /// `changes`.
    pub held_account_changes: Vec<PersonWithHeldChange<'a>>,
    /// The attribute that most people suddenly lack: who would lose it waits in `held_account_changes`, or in
    /// `changes`.
    pub permission_lost: Option<SmartHrField>,
    /// 対象外: users whom nobody in scope is linked to. They are kept and no longer updated.
    pub out_of_scope: Vec<UserOutOfScope<'a>>,
    /// Retired people whose deletion waits for an admin (the deletion guard).
    pub held: Vec<LinkedPerson<'a>>,
    /// Why these deletions wait.
    pub held_because: guard::HeldBecause,
    /// A システム管理者 who stays while others are deleted or change from a password to SSO. These changes
    /// are valid only as long as this user is as it was read. `None` when there are none of them.
    pub stays_system_administrator: Option<&'a User>,
    /// Retired people whose deletion an admin refused.
    pub kept: Vec<LinkedPerson<'a>>,
    /// The people whom an immediate run leaves to the night, or to the end of an hour.
    pub waiting: Vec<WaitingPerson<'a>>,
    /// The users of reported crews that SmartHR does not have: the night finds out whether they are gone.
    pub not_found: Vec<&'a User>,
    /// The linked users whom the plan looked at; `None` if these are all.
    pub looked_at: Option<HashSet<&'a UserId>>,
}

impl Plan<'_> {
    /// Returns every account change that the plan does not make, refused ones included.
    pub fn account_changes(&self) -> impl Iterator<Item = &HeldAccountChange> {
        self.held_people().map(|(_, held)| held)
    }

    /// Returns the users whose account changes are not made, with these changes.
    pub fn held_people(&self) -> impl Iterator<Item = (&User, &HeldAccountChange)> {
        let otherwise_changed = self.changes.iter().filter_map(|change| match change {
            Change::Alter { user, held, .. } => Some((*user, held.as_deref()?)),
            Change::Add { .. } | Change::Delete { .. } => None,
        });
        let others = self.held_account_changes.iter();
        others
            .map(|person| (person.user, &person.held))
            .chain(otherwise_changed)
    }

    /// Returns whether the plan looked at the user.
    pub fn looks_at(&self, user_id: &UserId) -> bool {
        let looked_at = self.looked_at.as_ref();
        looked_at.is_none_or(|users| users.contains(user_id))
    }

    /// Returns whether the plan looked only at people whom SmartHR reported.
    pub fn is_of_reported(&self) -> bool {
        self.looked_at.is_some()
    }

    /// Returns whether the plan changes nobody.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }
}
