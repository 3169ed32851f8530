//! Recognises a permission that was taken away in SmartHR.

use super::match_by_crew::Person;
use crate::EmploymentStatus;
use crate::run_failure::{RunFailure, SmartHrField};

/// Checks that no attribute is suddenly missing for most of the people who had it. SmartHR shows
/// an attribute that the token may not read as null, so after the loss of a permission everybody
/// seems to have lost their address. Fewer than three losses are ordinary changes.
///
/// # Errors
/// [`RunFailure::PermissionLost`] with the attribute.
pub(crate) fn check_permissions(people: &[Person<'_>]) -> Result<(), RunFailure> {
    let (mut emails, mut codes) = (Losses::default(), Losses::default());
    for Person { employee, user } in people {
        if let Some(user) = user
            && employee.status != EmploymentStatus::Retired
        {
            emails.count(user.email.is_some(), employee.email.is_some());
            codes.count(user.code.is_some(), employee.code.is_some());
        }
    }
    let field = if emails.are_too_many() {
        SmartHrField::Email
    } else if codes.are_too_many() {
        SmartHrField::Code
    } else {
        return Ok(());
    };
    Err(RunFailure::PermissionLost { field })
}

/// How many people had an attribute, and how many of them lost it.
#[derive(Default)]
struct Losses {
    had: usize,
    lost: usize,
}

impl Losses {
    fn count(&mut self, in_kitera: bool, in_smarthr: bool) {
        self.had += usize::from(in_kitera);
        self.lost += usize::from(in_kitera && !in_smarthr);
    }

    fn are_too_many(&self) -> bool {
        self.lost >= 3 && self.lost * 2 > self.had
    }
}
