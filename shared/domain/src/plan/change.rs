//! One person's change.

use super::account_changes::HeldAccountChange;
use crate::{Employee, FirstLogin, LoginMethod, Role, SyncedFields, User};

/// The kind of change of an existing user, as the log names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alteration {
    /// 再招待: the person is sent a new invitation, or a new link to set a password.
    Reinvite,
    /// 登録: an invited person is registered without accepting the invitation.
    Register,
    /// 更新: the user's fields, crew link or credentials change.
    Update,
}

/// One person's change, which a run writes and a preview shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change<'a> {
    /// A new user: 招待, or 登録 for a person who gets no mail of their own.
    Add {
        /// The person in SmartHR.
        employee: &'a Employee,
        /// The fields of the new user.
        fields: SyncedFields,
        /// How the person signs in for the first time.
        first_login: FirstLogin,
    },
    /// An existing user gets SmartHR's data, and new credentials where they are needed.
    Alter {
        /// The person in SmartHR.
        employee: &'a Employee,
        /// The user as read.
        user: &'a User,
        /// The user's data from now on.
        fields: SyncedFields,
        /// The name of the change in the log.
        alteration: Alteration,
        /// The credentials to issue, if any.
        first_login: Option<FirstLogin>,
        /// What SmartHR says about an admin's account and this change leaves as it is.
        held: Option<Box<HeldAccountChange>>,
    },
    /// The user of a retired person is deleted.
    Delete {
        /// The person in SmartHR.
        employee: &'a Employee,
        /// The user as read.
        user: &'a User,
    },
}

impl<'a> Change<'a> {
    /// Returns the person in SmartHR.
    pub fn employee(&self) -> &'a Employee {
        match self {
            Self::Add { employee, .. }
            | Self::Alter { employee, .. }
            | Self::Delete { employee, .. } => employee,
        }
    }

    /// Returns the user as it was read, or `None` for a new user.
    pub fn user(&self) -> Option<&'a User> {
        match self {
            Self::Add { .. } => None,
            Self::Alter { user, .. } | Self::Delete { user, .. } => Some(user),
        }
    }

    /// Returns the user's data after the change, or `None` for a deletion.
    pub fn fields(&self) -> Option<&SyncedFields> {
        match self {
            Self::Add { fields, .. } | Self::Alter { fields, .. } => Some(fields),
            Self::Delete { .. } => None,
        }
    }

    /// Returns the credentials to issue, if any.
    pub fn first_login(&self) -> Option<FirstLogin> {
        match self {
            Self::Add { first_login, .. } => Some(*first_login),
            Self::Alter { first_login, .. } => *first_login,
            Self::Delete { .. } => None,
        }
    }

    /// Returns whether the change is valid only while another システム管理者 can sign in: it deletes one, or
    /// changes one to SSO.
    pub fn needs_another_system_administrator(&self) -> bool {
        let is_administrator = |user: &User| user.role == Role::SystemAdministrator;
        match self {
            Self::Add { .. } => false,
            Self::Alter { user, fields, .. } => {
                is_administrator(user)
                    && user.login_method == LoginMethod::Password
                    && fields.login_method == LoginMethod::Sso
            }
            Self::Delete { user, .. } => is_administrator(user),
        }
    }
}
