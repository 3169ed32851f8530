//! Properties that hold for every generated company.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use domain::plan::LinkedPerson;
use domain::report::{Action, action_of};
use domain::time::is_due;
use domain::{
    Change, CrewId, Decision, EmailAddress, Employee, EmploymentStatus, Failure, FirstLogin, Plan,
    Role, Status, User, UserId,
};
use jiff::SignedDuration;
use proptest::prelude::*;
use proptest::test_runner::Config;

use crate::account_changes::answered;
use crate::company::Company;
use crate::generated;

/// Returns the configuration of the properties. `PROPTEST_CASES` raises the number of cases above
/// the default of 256.
pub(crate) fn config() -> Config {
    Config {
        failure_persistence: None,
        ..Config::default()
    }
}

fn failures(plan: &Plan<'_>) -> BTreeMap<CrewId, Failure> {
    let failed = plan.failures.iter().cloned();
    let by_crew = failed.map(|failed| (failed.employee.crew_id.clone(), failed.failure));
    by_crew.collect()
}

fn lets_a_system_administrator_in(change: &Change<'_>) -> bool {
    let administrator = change
        .user()
        .is_some_and(|user| user.role == Role::SystemAdministrator);
    administrator && action_of(change) == Action::Register
}

fn somebody_can_let_people_in(company: &Company) -> bool {
    let mut users = company.users.iter();
    users.any(|user| user.is_system_administrator_with_password(company.now))
}

fn is_retired(employee: &Employee) -> bool {
    employee.status == EmploymentStatus::Retired
}

fn sorted_crews<'a>(employees: impl IntoIterator<Item = &'a Employee>) -> Vec<&'a CrewId> {
    let crews = employees.into_iter().map(|employee| &employee.crew_id);
    let mut crews: Vec<_> = crews.collect();
    crews.sort();
    crews
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_change_is_of_the_linked_user_or_of_an_unlinked_one_with_the_same_address_or_code(
        company in generated::company(),
    ) {
        let mut touched = HashSet::new();
        for change in &company.plan().changes {
            let Some(user) = change.user() else { continue };
            prop_assert!(touched.insert(&user.user_id), "changed twice: {user:?}");
            let employee = change.employee();
            if let Some(crew) = user.crew_in(&company.tenant) {
                prop_assert_eq!(crew, &employee.crew_id);
            } else {
                let fields = change.fields().unwrap();
                let key = |email: &Option<EmailAddress>| email.as_ref().map(EmailAddress::key);
                let same_email = user.email.is_some() && key(&user.email) == key(&fields.email);
                let same_code = user.code.is_some() && user.code == fields.code;
                prop_assert!(same_email || same_code);
            }
        }
    }

    #[test]
    fn a_second_run_changes_nothing_and_fails_for_the_same_people(company in generated::company()) {
        let plan = company.plan();
        // A newly active システム管理者 lets the second run delete the one whom the first run kept as the
        // last.
        prop_assume!(!plan.changes.iter().any(lets_a_system_administrator_in));
        let after = company.after_night();
        let again = after.plan();
        prop_assert!(again.is_empty(), "{:#?}\nafter {:#?}", again.changes, plan);
        prop_assert_eq!(failures(&again), failures(&plan));
        let held = |plan: &Plan<'_>| -> BTreeSet<UserId> {
            plan.held.iter().map(|person| person.user.user_id.clone()).collect()
        };
        prop_assert_eq!(held(&again), held(&plan));
    }

    #[test]
    fn the_order_in_which_people_are_read_does_not_matter(
        (company, employees, users) in generated::company().prop_flat_map(|company| {
            let employees = Just(company.employees.clone()).prop_shuffle();
            let users = Just(company.users.clone()).prop_shuffle();
            (Just(company), employees, users)
        }),
    ) {
        let shuffled = Company { employees, users, ..company.clone() };
        let (plan, same) = (company.plan(), shuffled.plan());
        prop_assert_eq!(&plan.changes, &same.changes);
        prop_assert_eq!(&plan.together, &same.together);
        prop_assert_eq!(&plan.failures, &same.failures);
        prop_assert_eq!(&plan.unchanged, &same.unchanged);
        prop_assert_eq!(&plan.out_of_scope, &same.out_of_scope);
        prop_assert_eq!(&plan.held, &same.held);
        prop_assert_eq!(&plan.kept, &same.kept);
        prop_assert_eq!(&plan.held_account_changes, &same.held_account_changes);
    }

    #[test]
    fn seats_are_never_exceeded_by_additions(company in generated::company()) {
        let seats = company.workspace.seats as usize;
        let (before, after) = (company.users.len(), company.after_night().users.len());
        prop_assert!(after <= before.max(seats));
        let adds = company.plan().changes.iter().any(|change| change.user().is_none());
        prop_assert!(!adds || after <= seats);
    }

    #[test]
    fn nobody_fails_for_want_of_a_seat_while_one_is_free(company in generated::company()) {
        let wants_seat = |failure: &Failure| matches!(failure, Failure::SeatsExceeded { .. });
        if failures(&company.plan()).values().any(wants_seat) {
            prop_assert!(company.after_night().users.len() >= company.workspace.seats as usize);
        }
    }

    #[test]
    fn no_plan_and_no_answers_lock_every_system_administrator_out(company in generated::company()) {
        if somebody_can_let_people_in(&company) {
            prop_assert!(somebody_can_let_people_in(&company.after_night()));
            let allowed = answered(&company, Decision::Allow).after_night();
            prop_assert!(somebody_can_let_people_in(&allowed));
        }
    }

    #[test]
    fn an_active_system_administrator_stays(company in generated::company()) {
        let is_active = |user: &&User| {
            user.role == Role::SystemAdministrator && user.status == Status::Active
        };
        if company.users.iter().any(|user| is_active(&user)) {
            prop_assert!(company.after_night().users.iter().any(|user| is_active(&user)));
        }
    }

    #[test]
    fn the_deletion_of_a_linked_person_is_decided_by_status_alone(company in generated::company()) {
        let plan = company.plan();
        let mut settled: Vec<&Employee> = Vec::new();
        for change in &plan.changes {
            if let Change::Delete { employee, user } = change {
                prop_assert!(!company.decisions.refused.contains(&user.user_id));
                settled.push(employee);
            }
        }
        let waiting = plan.held.iter().chain(&plan.kept);
        settled.extend(waiting.map(|person| person.employee));
        let failed = plan.failures.iter();
        let last = failed.filter(|failed| failed.failure == Failure::LastSystemAdministrator);
        settled.extend(last.map(|failed| failed.employee));

        let retired = company.employees.iter().filter(|employee| is_retired(employee));
        let linked = retired.filter(|employee| company.user(employee.crew_id.as_str()).is_some());
        prop_assert_eq!(sorted_crews(settled), sorted_crews(linked));
    }

    #[test]
    fn everybody_in_scope_is_changed_or_unchanged_or_held_or_fails(company in generated::company()) {
        let plan = company.plan();
        let is_deletion = |change: &&Change<'_>| matches!(change, Change::Delete { .. });
        let changes = plan.changes.iter().filter(|change| !is_deletion(change));
        let unchanged = plan.unchanged.iter().map(|person| person.employee);
        let failed = plan.failures.iter().map(|failed| failed.employee);
        let failed = failed.filter(|employee| !is_retired(employee));
        let held = plan.held_account_changes.iter().map(|person| person.employee);
        let seen = changes.map(Change::employee).chain(unchanged).chain(held).chain(failed);

        let employees = company.employees.iter().filter(|employee| !is_retired(employee));
        let in_scope = employees.filter(|employee| company.settings.includes(employee));
        prop_assert_eq!(sorted_crews(seen), sorted_crews(in_scope));
    }

    #[test]
    fn every_linked_user_is_in_the_log_once(company in generated::company()) {
        let mut logged: Vec<UserId> =
            company.log().into_iter().filter_map(|row| row.user_id).collect();
        logged.sort();
        prop_assert!(logged.is_sorted_by(|one, next| one < next), "a user twice");
        for user in &company.users {
            if user.crew_in(&company.tenant).is_some() {
                prop_assert!(logged.contains(&user.user_id), "{:?} is missing", user);
            }
        }
    }

    #[test]
    fn roles_are_never_changed_and_newcomers_are_members(company in generated::company()) {
        for change in &company.plan().changes {
            if let Some(after) = company.user_after(change) {
                let role = change.user().map_or(Role::Member, |user| user.role);
                prop_assert_eq!(after.role, role);
            }
        }
    }

    #[test]
    fn a_change_of_a_user_makes_a_difference(company in generated::company()) {
        for change in &company.plan().changes {
            if let (Some(user), Some(after)) = (change.user(), company.user_after(change)) {
                let unversioned = User { version: user.version, ..after };
                prop_assert_ne!(&unversioned, user, "a write for nothing");
            }
        }
    }

    #[test]
    fn everybody_synced_and_still_invited_has_a_link_with_todays_data_until_the_next_night(
        company in generated::company(), minutes in 0..2 * 24 * 60_i64,
    ) {
        let now = company.now + SignedDuration::from_mins(minutes);
        let after = Company { now, ..company }.after_night();
        for LinkedPerson { user, .. } in after.plan().unchanged {
            if user.status == Status::Invited {
                let invitation = user.invitation.as_ref().unwrap();
                prop_assert!(!is_due(invitation.expires_at, now));
                prop_assert_eq!(&invitation.fields_at_invitation.email, &user.email);
            }
        }
    }

    #[test]
    fn mails_go_only_to_people_with_an_address_who_use_a_password(company in generated::company()) {
        for change in &company.plan().changes {
            if let (Some(first_login), Some(fields)) = (change.first_login(), change.fields()) {
                prop_assert_eq!(first_login, FirstLogin::of(fields));
            }
        }
    }
}
