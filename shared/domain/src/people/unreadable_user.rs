//! A stored user whose record this version cannot read, as far as it can be.

use super::{CrewLink, EmailAddress, EmployeeCode, Identifier};
use crate::UserId;

/// A user whose record has a shape that this version does not know, such as after a roll-back. It is left as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreadableUser {
    /// The id of the user.
    pub user_id: UserId,
    /// The attribute that cannot be read.
    pub attribute: String,
    /// The crew that the user is linked to, if that can be read.
    pub crew_link: Option<CrewLink>,
    /// The e-mail address, if it can be read.
    pub email: Option<EmailAddress>,
    /// The employee code, if it can be read.
    pub code: Option<EmployeeCode>,
}

impl UnreadableUser {
    /// Returns the identifiers that nobody else can have.
    pub(crate) fn identifiers(&self) -> impl Iterator<Item = Identifier<'_>> {
        let email = self.email.as_ref().map(EmailAddress::as_str);
        Identifier::all(email, self.code.as_ref().map(EmployeeCode::as_str))
    }
}
