//! Compares SmartHR's people with KiteRa's users. Pure: the planner has values, not clients, so it
//! cannot write.

use std::collections::{BTreeMap, HashSet};

use super::account_changes::hold_account_changes;
use super::candidate::Candidate;
use super::decide::decide;
use super::deletions::Deletions;
use super::identifiers::resolve_identifiers;
use super::lock_out::{keep_a_way_in, keep_emergency_accounts};
use super::match_by_crew::match_by_crew;
use super::match_by_identifier::{fail_whose_user_is_unreadable, match_by_identifier};
use super::permissions::{FieldInQuestion, field_in_question};
use super::rules::apply_rules;
use super::scope::Division;
use super::seats::assign_seats;
use super::waits::{let_first_logins_wait, let_reported_wait, not_found, waiting};
use super::{
    FailedPerson, LinkedPerson, OutOfScopeReason, PersonWithHeldChange, Plan, UserOutOfScope,
};
use crate::run_failure::SmartHrField;
use crate::{Change, Failure, PlanInput, User};

/// Makes the plan, phase by phase (see the module's documentation).
pub fn plan<'a>(input: &PlanInput<'a>) -> Plan<'a> {
    let matched = match_by_crew(input);
    // Among a few reported people nothing can be said about most.
    let in_question = if input.scope.is_reported() {
        None
    } else {
        field_in_question(&matched.people, input)
    };
    let people = Division::of(&matched, input, in_question);
    let deletions = Deletions::decide(input, matched.linked_users, people.retired);

    let mut candidates = people.candidates;
    match_by_identifier(&mut candidates, &matched.unlinked);
    fail_whose_user_is_unreadable(&mut candidates, input);
    keep_emergency_accounts(&mut candidates);
    apply_rules(&mut candidates, input);
    let field = in_question.map(|it| it.field);
    let_reported_wait(&mut candidates, input);
    let held_first_links = hold_account_changes(&mut candidates, input, field);
    let mut out_of_scope = people.out_of_scope;
    let permission_lost = in_question
        .filter(|it| is_lost(*it, &candidates, &held_first_links, &out_of_scope))
        .map(|it| it.field);
    if let Some(field) = permission_lost {
        hold_new_people_without(field, &mut candidates);
    }
    if !input.scope.is_reported() {
        out_of_scope.extend(of_former_company(
            &matched.unlinked,
            &candidates,
            &held_first_links,
        ));
    }
    let_first_logins_wait(&mut candidates, input);
    let deleted: HashSet<_> = deletions.due.iter().map(|it| &it.user.user_id).collect();
    let way_in = keep_a_way_in(&mut candidates, input, |user| {
        deleted.contains(&user.user_id)
    });
    let hand_overs = resolve_identifiers(&mut candidates, input, &deleted);
    let all_users = input.users.len() + input.unreadable_users.len();
    let remaining_users = all_users - deletions.due.len();
    assign_seats(&mut candidates, input.workspace.seats, remaining_users);

    let looked_at = input.scope.is_reported().then(|| {
        let users = matched.people.iter().filter_map(|person| person.user);
        users.map(|user| &user.user_id).collect()
    });
    let mut plan = Plan {
        waiting: waiting(input, &candidates, &mut out_of_scope),
        not_found: not_found(input),
        looked_at,
        failures: failures(&deletions, &candidates),
        held_account_changes: held_first_links
            .iter()
            .filter_map(person_with_held_change)
            .collect(),
        permission_lost,
        out_of_scope,
        held: deletions.held,
        held_because: deletions.held_because,
        kept: deletions.kept,
        stays_system_administrator: way_in.or(deletions.stays),
        ..Plan::default()
    };
    let due = deletions.due.into_iter();
    plan.changes
        .extend(due.map(|LinkedPerson { employee, user }| Change::Delete { employee, user }));
    push_alterations(&mut plan, input, &candidates, &hand_overs);
    let new = candidates.iter().filter(|candidate| candidate.is_new());
    plan.changes
        .extend(new.filter_map(|candidate| decide(candidate, input)));
    plan
}

/// Returns whether somebody waits who would lose the attribute, or nobody is left who has it.
fn is_lost(
    question: FieldInQuestion,
    candidates: &[Candidate<'_>],
    held_first_links: &[Candidate<'_>],
    out_of_scope: &[UserOutOfScope<'_>],
) -> bool {
    let loses = |candidate: &&Candidate<'_>| {
        let user = candidate.user;
        user.is_some_and(|user| question.field.is_lost_by(user, candidate.employee))
    };
    let waits = |candidate: &Candidate<'_>| {
        let held = candidate.held_change.as_ref();
        held.is_some_and(|held| !held.refused) || candidate.failure.is_some()
    };
    let lost = OutOfScopeReason::Lost(question.field);
    candidates
        .iter()
        .chain(held_first_links)
        .filter(loses)
        .any(waits)
        || question.nobody_has_it && out_of_scope.iter().any(|it| it.reason == lost)
}

/// New people who lack what most people suddenly lack would get the wrong first login.
fn hold_new_people_without(field: SmartHrField, candidates: &mut [Candidate<'_>]) {
    for candidate in candidates.iter_mut().filter(|it| it.user.is_none()) {
        if !field.is_in_smarthr(candidate.employee) {
            candidate.fail(Failure::FieldInQuestion { field });
        }
    }
}

/// Returns the users who are linked to another company and to nobody in this one.
fn of_former_company<'a>(
    unlinked: &[&'a User],
    candidates: &[Candidate<'a>],
    held_first_links: &[Candidate<'a>],
) -> Vec<UserOutOfScope<'a>> {
    let found = candidates
        .iter()
        .chain(held_first_links)
        .filter_map(|it| it.user);
    let found: HashSet<_> = found.map(|user| &user.user_id).collect();
    let is_left = |user: &&&User| user.crew_link.is_some() && !found.contains(&user.user_id);
    let mut left: Vec<_> = unlinked.iter().filter(is_left).collect();
    left.sort_by_key(|user| (&user.code, &user.user_id));
    let reason = OutOfScopeReason::OfFormerCompany;
    left.into_iter()
        .map(|user| UserOutOfScope { user, reason })
        .collect()
}

fn push_alterations<'a>(
    plan: &mut Plan<'a>,
    input: &PlanInput<'a>,
    candidates: &[Candidate<'a>],
    hand_overs: &[Vec<usize>],
) {
    let mut alterations = BTreeMap::new();
    for (index, candidate) in candidates.iter().enumerate() {
        let Some(user) = candidate.user_to_sync() else {
            continue;
        };
        let employee = candidate.employee;
        match decide(candidate, input) {
            Some(alteration) => {
                alterations.insert(index, alteration);
            }
            None => match person_with_held_change(candidate) {
                Some(person) => plan.held_account_changes.push(person),
                None => plan.unchanged.push(LinkedPerson { employee, user }),
            },
        }
    }
    let groups: Vec<Vec<Change<'_>>> = hand_overs
        .iter()
        .map(|group| {
            let group = group.iter();
            group
                .filter_map(|index| alterations.remove(index))
                .collect()
        })
        .collect();
    plan.changes.extend(alterations.into_values());
    for group in groups {
        let start = plan.changes.len();
        plan.changes.extend(group);
        if plan.changes.len() - start > 1 {
            plan.together.push(start..plan.changes.len());
        }
    }
}

fn person_with_held_change<'a>(candidate: &Candidate<'a>) -> Option<PersonWithHeldChange<'a>> {
    Some(PersonWithHeldChange {
        employee: candidate.employee,
        user: candidate.user?,
        held: candidate.held_change.clone()?,
    })
}

/// Returns everybody who failed, in the order of work.
fn failures<'a>(deletions: &Deletions<'a>, candidates: &[Candidate<'a>]) -> Vec<FailedPerson<'a>> {
    let of_candidate = |candidate: &Candidate<'a>| {
        let Candidate { employee, user, .. } = *candidate;
        Some(FailedPerson {
            employee,
            user,
            first_login: candidate.first_login_if_new(),
            failure: candidate.failure.as_deref()?.clone(),
        })
    };
    let failed = candidates.iter().filter_map(of_candidate);
    let mut failures: Vec<_> = failed.chain(deletions.failure()).collect();
    failures.sort_by_key(|failed| failed.employee.work_order());
    failures
}
