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
use super::match_by_identifier::match_by_identifier;
use super::permissions::check_permissions;
use super::rules::apply_rules;
use super::scope::Division;
use super::seats::assign_seats;
use super::{FailedPerson, LinkedPerson, PersonWithHeldChange, Plan};
use crate::{Change, FirstLogin, PlanInput, RunFailure};

/// Makes the plan, phase by phase (see the module's documentation).
///
/// # Errors
/// [`RunFailure::PermissionLost`] when the read looks as if a permission had been taken away.
pub fn plan<'a>(input: &PlanInput<'a>) -> Result<Plan<'a>, RunFailure> {
    let matched = match_by_crew(input);
    check_permissions(&matched.people)?;
    let people = Division::of(&matched, input.settings);
    let deletions = Deletions::decide(input, matched.linked_users, people.retired);

    let mut candidates = people.candidates;
    match_by_identifier(&mut candidates, &matched.unlinked);
    keep_emergency_accounts(&mut candidates);
    apply_rules(&mut candidates, input);
    let new_links = hold_account_changes(&mut candidates, input);
    let deleted: HashSet<_> = deletions.due.iter().map(|it| &it.user.user_id).collect();
    let way_in = keep_a_way_in(&mut candidates, input, |user| {
        deleted.contains(&user.user_id)
    });
    let hand_overs = resolve_identifiers(&mut candidates, input.users, &deleted);
    let remaining_users = input.users.len() - deletions.due.len();
    assign_seats(&mut candidates, input.workspace.seats, remaining_users);

    let mut plan = Plan {
        failures: failures(&deletions, &candidates),
        held_account_changes: new_links
            .iter()
            .filter_map(person_with_held_change)
            .collect(),
        out_of_scope: people.out_of_scope,
        held: deletions.held,
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
    Ok(plan)
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
        let first_login = FirstLogin::with(candidate.login_method, employee.email.is_some());
        Some(FailedPerson {
            employee,
            user,
            first_login: user.is_none().then_some(first_login),
            failure: candidate.failure.as_deref()?.clone(),
        })
    };
    let failed = candidates.iter().filter_map(of_candidate);
    let mut failures: Vec<_> = failed.chain(deletions.failure()).collect();
    failures.sort_by_key(|failed| failed.employee.work_order());
    failures
}
