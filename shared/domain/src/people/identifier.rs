//! Identifiers, which are unique within a workspace.

use std::borrow::Cow;

use super::{EmailAddress, EmployeeCode, User};

/// An e-mail address or an employee code: unique among the users of a workspace.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Identifier<'a> {
    /// An e-mail address in lower case.
    Email(Cow<'a, str>),
    /// An employee code as written.
    Code(&'a str),
}

impl<'a> Identifier<'a> {
    /// Returns an employee code in lower case, if it has letters of both cases: somebody who types it in one
    /// case is looked for by this. Every other code is found in upper or in lower case as it is.
    pub fn mixed_code_in_lower_case(&self) -> Option<String> {
        let Self::Code(code) = self else { return None };
        has_both_cases(code).then(|| code.to_ascii_lowercase())
    }

    /// Returns the identifiers of a person with this well-formed address and code.
    pub(crate) fn all(
        email: Option<&'a str>,
        code: Option<&'a str>,
    ) -> impl Iterator<Item = Self> + use<'a> {
        let email = email.map(|email| Self::Email(lower_case(email)));
        email.into_iter().chain(code.map(Self::Code))
    }
}

/// Returns the identifiers of a user.
pub fn identifiers_of(user: &User) -> impl Iterator<Item = Identifier<'_>> {
    Identifier::all(
        user.email.as_ref().map(EmailAddress::as_str),
        user.code.as_ref().map(EmployeeCode::as_str),
    )
}

/// Returns how many items reserve a code: one, and for a code with letters of both cases another one.
pub(crate) fn items_of_code(code: Option<&EmployeeCode>) -> usize {
    code.map_or(0, |code| 1 + usize::from(has_both_cases(code.as_str())))
}

fn has_both_cases(code: &str) -> bool {
    code.bytes().any(|byte| byte.is_ascii_uppercase())
        && code.bytes().any(|byte| byte.is_ascii_lowercase())
}

fn lower_case(email: &str) -> Cow<'_, str> {
    if email.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(email.to_ascii_lowercase())
    } else {
        Cow::Borrowed(email)
    }
}
