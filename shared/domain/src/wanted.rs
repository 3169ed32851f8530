//! The data that a person should have: borrowed, since for most people nothing comes of it.

use crate::email_address::EmailAddress;
use crate::employee_code::EmployeeCode;
use crate::ids::GroupId;
use crate::login_method::LoginMethod;
use crate::plan::FirstLogin;
use crate::user::{SyncedFields, User};

/// As [`SyncedFields`].
#[derive(Clone, Copy)]
pub(crate) struct Wanted<'a> {
    pub(crate) name: &'a str,
    pub(crate) email: Option<&'a str>,
    pub(crate) code: Option<&'a str>,
    pub(crate) login_method: LoginMethod,
    pub(crate) default_group: &'a GroupId,
}

impl<'a> Wanted<'a> {
    /// What `user` has, in so far as the sync decides about it.
    pub(crate) fn as_is(user: &'a User, default_group: &'a GroupId) -> Self {
        Self {
            name: &user.name,
            email: user.email.as_ref().map(EmailAddress::as_str),
            code: user.code.as_ref().map(EmployeeCode::as_str),
            login_method: user.login_method,
            default_group,
        }
    }

    /// The same to keep.
    pub(crate) fn to_fields(self) -> SyncedFields {
        SyncedFields {
            name: self.name.to_owned(),
            email: self.email.and_then(EmailAddress::parse),
            code: self.code.and_then(EmployeeCode::parse),
            login_method: self.login_method,
            default_group: self.default_group.clone(),
        }
    }

    /// What a person with these data gets.
    pub(crate) fn first_login(self) -> FirstLogin {
        FirstLogin::with(self.login_method, self.email.is_some())
    }

    /// Whether `fields` say the same.
    pub(crate) fn is(self, fields: &SyncedFields) -> bool {
        let SyncedFields {
            name,
            email,
            code,
            login_method,
            default_group,
        } = fields;
        self.name == name
            && self.email == email.as_ref().map(EmailAddress::as_str)
            && self.code == code.as_ref().map(EmployeeCode::as_str)
            && self.login_method == *login_method
            && self.default_group == default_group
    }

    /// Whether the user already is what SmartHR and the settings say.
    pub(crate) fn is_of(self, user: &User) -> bool {
        self.name == user.name
            && self.email == user.email.as_ref().map(EmailAddress::as_str)
            && self.code == user.code.as_ref().map(EmployeeCode::as_str)
            && self.login_method == user.login_method
            && user.synced_group.as_ref() == Some(self.default_group)
            && user.groups.contains(self.default_group)
    }
}
