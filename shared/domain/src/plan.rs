//! What a run would do, as data. The preview shows it, the run applies it, the log reports it.

use std::ops::Range;

use crate::employee::Employee;
use crate::failure::Failure;
use crate::login_method::LoginMethod;
use crate::user::{SyncedFields, User};

/// How a person gets in for the first time (manual: 「初回のユーザーログインについて」).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FirstLogin {
    /// A mail with a link that is valid for 72 hours.
    Invitation,
    /// An initial password, which the システム管理者 get as a CSV.
    InitialPassword,
    /// Nothing to send: the person comes in through SSO.
    SingleSignOn,
}

impl FirstLogin {
    /// What a person with these fields gets.
    pub fn of(fields: &SyncedFields) -> Self {
        Self::with(fields.login_method, fields.email.is_some())
    }

    /// What a person gets who signs in so, with or without an address.
    pub(crate) fn with(login_method: LoginMethod, has_email: bool) -> Self {
        match (login_method, has_email) {
            (LoginMethod::Sso, _) => Self::SingleSignOn,
            (LoginMethod::Password, true) => Self::Invitation,
            (LoginMethod::Password, false) => Self::InitialPassword,
        }
    }
}

/// What the log calls a change of an existing user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alteration {
    /// 再招待
    Reinvite,
    /// 登録: an invited person comes in without accepting.
    Register,
    /// 更新
    Update,
}

/// One person's change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change<'a> {
    /// A new user: 招待 or, without a mail of their own, 登録.
    Add {
        /// Who.
        employee: &'a Employee,
        /// The user's first data.
        fields: SyncedFields,
        /// What the person gets.
        first_login: FirstLogin,
    },
    /// An existing user gets SmartHR's data, and a new way in where one is needed.
    Alter {
        /// Who.
        employee: &'a Employee,
        /// The user as read.
        user: &'a User,
        /// The data to have.
        fields: SyncedFields,
        /// What the log calls it.
        alteration: Alteration,
        /// What the person gets, if anything.
        first_login: Option<FirstLogin>,
    },
    /// A retired person's user goes.
    Delete {
        /// Who.
        employee: &'a Employee,
        /// The user as read.
        user: &'a User,
    },
}

impl<'a> Change<'a> {
    /// The person.
    pub fn employee(&self) -> &'a Employee {
        match self {
            Self::Add { employee, .. }
            | Self::Alter { employee, .. }
            | Self::Delete { employee, .. } => employee,
        }
    }

    /// The user as it was read, unless it is a new one.
    pub fn user(&self) -> Option<&'a User> {
        match self {
            Self::Add { .. } => None,
            Self::Alter { user, .. } | Self::Delete { user, .. } => Some(user),
        }
    }

    /// The data to have, unless the user goes.
    pub fn fields(&self) -> Option<&SyncedFields> {
        match self {
            Self::Add { fields, .. } | Self::Alter { fields, .. } => Some(fields),
            Self::Delete { .. } => None,
        }
    }

    /// What the person gets, if anything.
    pub fn first_login(&self) -> Option<FirstLogin> {
        match self {
            Self::Add { first_login, .. } => Some(*first_login),
            Self::Alter { first_login, .. } => *first_login,
            Self::Delete { .. } => None,
        }
    }
}

/// A person who could not be synced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failed<'a> {
    /// Who.
    pub employee: &'a Employee,
    /// Their user, if they have one. It stays as it is.
    pub user: Option<&'a User>,
    /// What they would have been let in by; `None` if they have a user.
    pub first_login: Option<FirstLogin>,
    /// Why.
    pub failure: Failure,
}

/// What a run would do.
#[derive(Debug, Default)]
pub struct Plan<'a> {
    /// In the order of work: deletions, which free seats and addresses; then updates, those who
    /// give up an address or code before those who take it; then additions by employee code and
    /// crew id, so that the same people get the last seats every night.
    pub changes: Vec<Change<'a>>,
    /// Runs of `changes` that exchange addresses or codes in a circle: one write each.
    pub together: Vec<Range<usize>>,
    /// Who could not be synced.
    pub failures: Vec<Failed<'a>>,
    /// Who is as SmartHR has them.
    pub unchanged: Vec<(&'a Employee, &'a User)>,
    /// 対象外: linked, but out of scope now or no longer in SmartHR. Kept, no longer updated.
    pub out_of_scope: Vec<&'a User>,
    /// Retired people whose deletion waits for an admin (the deletion guard).
    pub held: Vec<(&'a Employee, &'a User)>,
    /// While システム管理者 go, one of those who stay: their deletions are right only as long as
    /// this user is as it was read.
    pub stays_system_administrator: Option<&'a User>,
    /// Retired people whom an admin decided to keep.
    pub kept: Vec<(&'a Employee, &'a User)>,
}

impl Plan<'_> {
    /// Whether nobody would change.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }
}
