//! Candidates: the people in scope, each with the identifiers and data that their user should have.

use super::account_changes::HeldAccountChange;
use super::desired_fields::DesiredFields;
use crate::{
    EmailAddress, Employee, EmployeeCode, Failure, FirstLogin, Identifier, LoginMethod, Settings,
    UnreadableAttribute, User, WaitReason,
};

/// A person in scope. Once a failure, or what the person waits for, is recorded, it stays, and the person's user is not
/// changed.
pub(crate) struct Candidate<'a> {
    pub(crate) employee: &'a Employee,
    /// The person's user: linked, or found by an identifier.
    pub(crate) user: Option<&'a User>,
    /// The e-mail address, well-formed and trimmed; `None` if there is none.
    pub(crate) email: Option<&'a str>,
    /// The employee code, well-formed and trimmed; `None` if there is none.
    pub(crate) code: Option<&'a str>,
    /// How the person should sign in.
    pub(crate) login_method: LoginMethod,
    /// What SmartHR says about an admin's account and nobody allowed.
    pub(crate) held_change: Option<HeldAccountChange>,
    pub(crate) failure: Option<Box<Failure>>,
    /// What the person waits for in an immediate run; `None` if they do not.
    pub(crate) wait_reason: Option<WaitReason>,
}

impl<'a> Candidate<'a> {
    /// Reads the identifiers of `employee`, who is linked to `user`.
    pub(crate) fn new(employee: &'a Employee, user: Option<&'a User>, settings: &Settings) -> Self {
        let mut candidate = Self {
            employee,
            user,
            email: None,
            code: None,
            login_method: settings.login_method_of(employee),
            held_change: None,
            failure: None,
            wait_reason: None,
        };
        if let Some(UnreadableAttribute { attribute, .. }) = employee.unreadable {
            candidate.fail(Failure::UnreadableInSmartHr { attribute });
        }
        if let Some(email) = &employee.email {
            candidate.email = EmailAddress::well_formed(email);
            if candidate.email.is_none() {
                candidate.fail(Failure::InvalidEmail {
                    email: email.clone(),
                });
            }
        }
        if let Some(code) = &employee.code {
            candidate.code = EmployeeCode::well_formed(code);
            if candidate.code.is_none() {
                candidate.fail(Failure::of_malformed_code(code));
            }
        }
        if employee.email.is_none() && employee.code.is_none() {
            candidate.fail(Failure::NeitherEmailNorCode);
        }
        candidate
    }

    /// Records `failure` unless there is an earlier one, or the person waits.
    pub(crate) fn fail(&mut self, failure: Failure) {
        if !self.is_settled() {
            self.failure = Some(Box::new(failure));
        }
    }

    /// Lets the person wait, unless they failed or wait already.
    pub(crate) fn wait(&mut self, reason: WaitReason) {
        if !self.is_settled() {
            self.wait_reason = Some(reason);
        }
    }

    /// Returns whether the person failed or waits.
    pub(crate) fn is_settled(&self) -> bool {
        self.failure.is_some() || self.wait_reason.is_some()
    }

    /// Leaves address, code and login method as `user` has them.
    pub(crate) fn keep_account_of(&mut self, user: &'a User) {
        self.email = user.email.as_ref().map(EmailAddress::as_str);
        self.code = user.code.as_ref().map(EmployeeCode::as_str);
        self.login_method = user.login_method;
    }

    /// Returns the identifiers that the person's user should have.
    pub(crate) fn identifiers(&self) -> impl Iterator<Item = Identifier<'a>> + use<'a> {
        Identifier::all(self.email, self.code)
    }

    /// Returns whether the person is to get a new user.
    pub(crate) fn is_new(&self) -> bool {
        self.user.is_none() && !self.is_settled()
    }

    /// Returns how the person would sign in for the first time; `None` for somebody who has a user.
    pub(crate) fn first_login_if_new(&self) -> Option<FirstLogin> {
        let has_email = self.employee.email.is_some();
        let first_login = FirstLogin::with(self.login_method, has_email);
        self.user.is_none().then_some(first_login)
    }

    /// Returns the user who is to be brought in line with SmartHR.
    pub(crate) fn user_to_sync(&self) -> Option<&'a User> {
        self.user.filter(|_| !self.is_settled())
    }

    /// Returns the data that the user should have; `None` for a person without a name.
    pub(crate) fn desired_fields(&self, settings: &'a Settings) -> Option<DesiredFields<'a>> {
        Some(DesiredFields {
            name: self.employee.name.as_deref()?,
            email: self.email,
            code: self.code,
            login_method: self.login_method,
            default_group: &settings.default_group,
        })
    }
}
