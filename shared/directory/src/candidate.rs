//! What one person in SmartHR should look like in KiteRa, or why that cannot be.

use crate::email_address::EmailAddress;
use crate::employee::Employee;
use crate::employee_code::EmployeeCode;
use crate::failure::Failure;
use crate::login_method::LoginMethod;
use crate::settings::Settings;
use crate::user::{Status, SyncedFields, User};
use crate::workspace::Workspace;

/// A person in scope, with well-formed identifiers as far as there are any.
pub(crate) struct Candidate<'a> {
    pub(crate) employee: &'a Employee,
    pub(crate) user: Option<&'a User>,
    pub(crate) email: Option<EmailAddress>,
    pub(crate) code: Option<EmployeeCode>,
    /// Once something stands against the person, it stays.
    pub(crate) failure: Option<Failure>,
}

impl<'a> Candidate<'a> {
    /// Reads the identifiers of `employee`, who is linked to `user` or to nobody yet.
    pub(crate) fn new(employee: &'a Employee, user: Option<&'a User>) -> Self {
        let email = employee.email.as_deref().map(EmailAddress::parse);
        let code = employee.code.as_deref().map(EmployeeCode::parse);
        let failure = match (&email, &code) {
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
            failure,
        }
    }

    /// Notes `failure` unless something stands against the person already.
    pub(crate) fn fail(&mut self, failure: Failure) {
        self.failure.get_or_insert(failure);
    }

    /// Applies the rules that need nobody else: name, SSO, domain.
    pub(crate) fn check(&mut self, workspace: &Workspace, settings: &Settings) {
        if self.employee.name.is_none() {
            self.fail(Failure::NoName);
        }
        if settings.login_method_of(self.employee) == LoginMethod::Sso {
            if self.email.is_none() {
                self.fail(Failure::SsoWithoutEmail);
            } else if !workspace.sso_configured {
                self.fail(Failure::SsoNotConfigured);
            }
        }
        if let Some(email) = &self.email
            && !workspace.allows(email)
            && !self.keeps_registered_address(email)
        {
            let domain = email.domain();
            self.fail(Failure::DomainNotAllowed { domain });
        }
    }

    /// The allowed domains are for new addresses: an unchanged address of a registered user stays.
    fn keeps_registered_address(&self, email: &EmailAddress) -> bool {
        self.user.is_some_and(|user| {
            user.status == Status::Active
                && user
                    .email
                    .as_ref()
                    .is_some_and(|held| held.key() == email.key())
        })
    }

    /// The data to have, unless something stands against it.
    pub(crate) fn fields(&self, settings: &Settings) -> Option<SyncedFields> {
        if self.failure.is_some() {
            return None;
        }
        Some(SyncedFields {
            name: self.employee.name.clone()?,
            email: self.email.clone(),
            code: self.code.clone(),
            login_method: settings.login_method_of(self.employee),
            default_group: settings.default_group.clone(),
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
