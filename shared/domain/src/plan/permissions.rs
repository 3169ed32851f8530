//! Recognises an attribute that SmartHR suddenly has no more: a permission that was taken away, or a company that drops
//! it on purpose.
//!
//! Each of the people who would lose the attribute is held as an account change, by name, until a システム管理者 allows
//! it. New people without the attribute wait as well; all others are synced. The run is 失敗, so that all admins learn
//! of it. Nothing needs to be answered when the attribute comes back.

use super::match_by_crew::Person;
use crate::run_failure::SmartHrField;
use crate::{AccountChange, Decision, Employee, EmploymentStatus, PlanInput, User};

/// An attribute that is suddenly missing for most of the people who had it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FieldInQuestion {
    pub(crate) field: SmartHrField,
    /// Whether nobody has it any more.
    pub(crate) nobody_has_it: bool,
}

/// Returns the attribute that is suddenly missing for most of the people who had it. SmartHR shows an attribute that
/// the token may not read as null, so after the loss of a permission everybody seems to have lost their address. Fewer
/// than three losses are ordinary changes. It stays in question while the answers about some of its losses are used:
/// the others have not been asked about yet where a list is longer than a run may ask.
pub(crate) fn field_in_question(
    people: &[Person<'_>],
    input: &PlanInput<'_>,
) -> Option<FieldInQuestion> {
    let question = |field: SmartHrField| {
        let at_work = people.iter().filter_map(|Person { employee, user }| {
            let is_known =
                employee.status != EmploymentStatus::Retired && employee.unreadable.is_none();
            is_known.then_some((*employee, (*user)?))
        });
        let (mut had, mut lost, mut is_open) = (0, 0, false);
        for (employee, user) in at_work.filter(|(_, user)| field.is_of_user(user)) {
            had += 1;
            if !field.is_in_smarthr(employee) {
                lost += 1;
                is_open |= field.is_asked_about(user, input);
            }
        }
        (is_open || lost >= 3 && lost * 2 > had).then_some(FieldInQuestion {
            field,
            nobody_has_it: lost == had,
        })
    };
    SmartHrField::ALL.into_iter().find_map(question)
}

impl SmartHrField {
    const ALL: [Self; 2] = [Self::Email, Self::Code];

    /// Returns whether SmartHR has the attribute of this person.
    pub(crate) fn is_in_smarthr(self, employee: &Employee) -> bool {
        match self {
            Self::Email => employee.email.is_some(),
            Self::Code => employee.code.is_some(),
        }
    }

    fn is_of_user(self, user: &User) -> bool {
        match self {
            Self::Email => user.email.is_some(),
            Self::Code => user.code.is_some(),
        }
    }

    /// Returns whether the user would lose the attribute.
    pub(crate) fn is_lost_by(self, user: &User, employee: &Employee) -> bool {
        self.is_of_user(user) && !self.is_in_smarthr(employee)
    }

    /// Returns whether a run asked about the loss of the attribute, and nobody has refused it. Admins are asked about
    /// every change.
    fn is_asked_about(self, user: &User, input: &PlanInput<'_>) -> bool {
        let is_loss = |change: &AccountChange| {
            change.user_id == user.user_id
                && match self {
                    Self::Email => change.email.is_none(),
                    Self::Code => change.code.is_none(),
                }
        };
        let allowed = input.account_answers.iter();
        let mut allowed = allowed.filter(|it| it.decision == Decision::Allow);
        !user.role.may_manage_connection()
            && (input
                .asked_account_changes
                .iter()
                .any(|it| is_loss(&it.change))
                || allowed.any(|it| is_loss(&it.change)))
    }

    /// Returns whether the user would lose an attribute.
    pub(crate) fn any_is_lost_by(user: &User, employee: &Employee) -> bool {
        Self::ALL
            .iter()
            .any(|field| field.is_lost_by(user, employee))
    }
}
