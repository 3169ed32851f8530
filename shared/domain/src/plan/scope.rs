//! Scope: divides SmartHR's people into retired people, people in scope, and the others.

use std::collections::HashSet;

use super::candidate::Candidate;
use super::match_by_crew::{Matched, Person};
use super::permissions::FieldInQuestion;
use super::{LinkedPerson, OutOfScopeReason, UserOutOfScope};
use crate::settings::{Settings, SyncTarget};
use crate::{CrewId, EmploymentStatus, Failure, PlanInput, User};

/// SmartHR's people by what the sync has to do with them.
pub(crate) struct Division<'a> {
    /// Retired people with a user. Retirement goes before 同期対象.
    pub(crate) retired: Vec<LinkedPerson<'a>>,
    /// People to be synced, in the order of work.
    pub(crate) candidates: Vec<Candidate<'a>>,
    /// 対象外: users linked to a person who is not to be synced or no longer in SmartHR.
    pub(crate) out_of_scope: Vec<UserOutOfScope<'a>>,
}

impl<'a> Division<'a> {
    /// Divides the people by their status and 同期対象. A person whose crew or user cannot be read is a candidate who
    /// fails.
    pub(crate) fn of(
        matched: &Matched<'a>,
        input: &PlanInput<'a>,
        in_question: Option<FieldInQuestion>,
    ) -> Self {
        let settings = input.settings;
        let unreadable = crews_of_unreadable_users(input);
        let left_out = |user: &'a User, reason| UserOutOfScope { user, reason };
        let mut retired = Vec::new();
        let mut in_scope = Vec::with_capacity(matched.people.len());
        let gone = matched.gone.iter();
        let mut out_of_scope: Vec<_> = gone
            .map(|user| left_out(user, OutOfScopeReason::GoneFromSmartHr))
            .collect();
        for person in &matched.people {
            let Person { employee, user } = *person;
            if employee.unreadable.is_some() || unreadable.contains(&employee.crew_id) {
                in_scope.push(person);
            } else if employee.status == EmploymentStatus::Retired {
                retired.extend(user.map(|user| LinkedPerson { employee, user }));
            } else if settings.includes(employee) {
                in_scope.push(person);
            } else {
                let lost = |user| {
                    let lost = in_question.filter(|it| it.field.is_lost_by(user, employee));
                    lost.map_or_else(
                        || not_chosen(settings),
                        |it| OutOfScopeReason::Lost(it.field),
                    )
                };
                out_of_scope.extend(user.map(|user| left_out(user, lost(user))));
            }
        }
        retired.sort_by_key(|person| person.employee.work_order());
        in_scope.sort_by_cached_key(|person| person.employee.work_order());
        out_of_scope.sort_by_key(|it| (&it.user.code, &it.user.user_id));
        let candidate = |person: &Person<'a>| {
            let mut candidate = Candidate::new(person.employee, person.user, settings);
            if unreadable.contains(&person.employee.crew_id) {
                candidate.fail(Failure::Internal);
            }
            candidate
        };
        Self {
            retired,
            candidates: in_scope.into_iter().map(candidate).collect(),
            out_of_scope,
        }
    }
}

/// Returns why the settings leave somebody out.
fn not_chosen(settings: &Settings) -> OutOfScopeReason {
    match settings.target {
        SyncTarget::Chosen => OutOfScopeReason::NotChosen,
        SyncTarget::Everyone | SyncTarget::EveryoneAndCodeOnly => OutOfScopeReason::NoEmail,
    }
}

/// Returns the crews of the connected company that users are linked to whose records cannot be read.
fn crews_of_unreadable_users<'a>(input: &PlanInput<'a>) -> HashSet<&'a CrewId> {
    let links = input.unreadable_users.iter();
    let links = links.filter_map(|user| user.crew_link.as_ref());
    links
        .filter(|link| link.tenant_id == *input.tenant)
        .map(|link| &link.crew_id)
        .collect()
}
