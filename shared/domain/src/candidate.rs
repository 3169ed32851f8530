//! What one person in SmartHR should look like in KiteRa, or why that cannot be.

use crate::email_address::EmailAddress;
use crate::employee::Employee;
use crate::employee_code::EmployeeCode;
use crate::failure::Failure;
use crate::planner::PlanInput;
use crate::rules::refusal;
use crate::settings::Settings;
use crate::user::User;
use crate::wanted::Wanted;

/// A person in scope, with well-formed identifiers as far as there are any.
pub(crate) struct Candidate<'a> {
    pub(crate) employee: &'a Employee,
    pub(crate) user: Option<&'a User>,
    /// Well formed, as written.
    pub(crate) email: Option<&'a str>,
    /// Well formed.
    pub(crate) code: Option<&'a str>,
    /// Once something stands against the person, it stays.
    pub(crate) failure: Option<Box<Failure>>,
}

impl<'a> Candidate<'a> {
    /// Reads the identifiers of `employee`, who is linked to `user` or to nobody yet.
    pub(crate) fn new(employee: &'a Employee, user: Option<&'a User>) -> Self {
        let email = employee.email.as_deref().map(EmailAddress::well_formed);
        let code = employee.code.as_deref().map(EmployeeCode::well_formed);
        let failure = match (email, code) {
            (Some(None), _) => Some(Failure::InvalidEmail {
                email: employee.email.clone().unwrap_or_default(),
            }),
            (_, Some(None)) => Some(malformed(employee.code.as_deref().unwrap_or_default())),
            (None, None) => Some(Failure::NeitherEmailNorCode),
            _ => None,
        };
        Self {
            employee,
            user,
            email: email.flatten(),
            code: code.flatten(),
            failure: failure.map(Box::new),
        }
    }

    /// Notes `failure` unless something stands against the person already.
    pub(crate) fn fail(&mut self, failure: Failure) {
        self.failure.get_or_insert_with(|| Box::new(failure));
    }

    /// Applies the rules that need nobody else: name, SSO, domain.
    pub(crate) fn check(&mut self, input: &PlanInput<'a>) {
        if self.employee.name.is_none() {
            self.fail(Failure::NoName);
        }
        let refusal = self
            .wanted(input.settings)
            .and_then(|wanted| refusal(self.user, wanted, input.workspace));
        if let Some(failure) = refusal {
            self.fail(failure);
        }
    }

    /// Whether the person wants an address or a code that their user does not have yet.
    pub(crate) fn wants_more(&self) -> bool {
        let Some(user) = self.user else { return true };
        let other_email = self
            .email
            .is_some_and(|email| !user.email.as_ref().is_some_and(|held| held.is(email)));
        let other_code = self
            .code
            .is_some_and(|code| user.code.as_ref().is_none_or(|held| held.as_str() != code));
        other_email || other_code
    }

    /// The data to have, unless something stands against it.
    pub(crate) fn wanted(&self, settings: &'a Settings) -> Option<Wanted<'a>> {
        if self.failure.is_some() {
            return None;
        }
        Some(Wanted {
            name: self.employee.name.as_deref()?,
            email: self.email,
            code: self.code,
            login_method: settings.login_method_of(self.employee),
            default_group: &settings.default_group,
        })
    }
}

/// What is wrong with a code that is not well-formed.
fn malformed(code: &str) -> Failure {
    if EmployeeCode::is_only_too_long(code) {
        Failure::CodeTooLong
    } else {
        Failure::InvalidCode { code: code.into() }
    }
}
