//! The data that a person's user should have.

use crate::text::{is_same_text, search_key};
use crate::{EmailAddress, EmployeeCode, FirstLogin, GroupId, LoginMethod, SyncedFields, User};

/// As [`SyncedFields`], but borrowed: for most people they are compared and not written.
#[derive(Clone, Copy)]
pub(crate) struct DesiredFields<'a> {
    pub(crate) name: &'a str,
    pub(crate) email: Option<&'a str>,
    pub(crate) code: Option<&'a str>,
    pub(crate) login_method: LoginMethod,
    pub(crate) default_group: &'a GroupId,
}

impl DesiredFields<'_> {
    /// Returns an owned copy of the fields.
    pub(crate) fn to_owned(self) -> SyncedFields {
        SyncedFields {
            name: self.name.to_owned(),
            email: self.email.and_then(EmailAddress::parse),
            code: self.code.and_then(EmployeeCode::parse),
            login_method: self.login_method,
            default_group: self.default_group.clone(),
        }
    }

    /// Returns how a person with these data signs in for the first time.
    pub(crate) fn first_login(self) -> FirstLogin {
        FirstLogin::with(self.login_method, self.email.is_some())
    }

    /// Returns whether an invitation shows these data. A name that is only written in
    /// other characters is the same here: another mail would end the link that the person has.
    pub(crate) fn equal(self, invitation: &SyncedFields) -> bool {
        (self.name == invitation.name || search_key(self.name) == search_key(&invitation.name))
            && self.has_email(invitation.email.as_ref())
            && self.code == invitation.code.as_ref().map(EmployeeCode::as_str)
            && self.login_method == invitation.login_method
            && self.default_group == &invitation.default_group
    }

    fn has_email(self, email: Option<&EmailAddress>) -> bool {
        match (self.email, email) {
            (Some(desired), Some(email)) => email.is(desired),
            (desired, email) => desired.is_none() && email.is_none(),
        }
    }

    /// Returns whether the user already has these data.
    pub(crate) fn are_of(self, user: &User) -> bool {
        is_same_text(self.name, &user.name)
            && self.has_email(user.email.as_ref())
            && self.code == user.code.as_ref().map(EmployeeCode::as_str)
            && self.login_method == user.login_method
            && user.synced_group.as_ref() == Some(self.default_group)
            && user.groups.contains(self.default_group)
    }
}
