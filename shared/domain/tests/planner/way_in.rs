//! Nobody is locked out: whatever nights, settings and edits come one after the other, a システム管理者 can
//! sign in by a password.

use domain::way_in::{another_way_in, has_lasting_way_in};
use domain::{Decision, Employee, LoginMethod, LoginMethodSetting, Role, User};
use proptest::prelude::*;
use proptest::sample::select;

use crate::account_changes::answered;
use crate::company::Company;
use crate::generated;
use crate::people::{employee, retired, system_administrator};
use crate::properties::config;

/// What admins, an attacker in SmartHR, and the clock do.
#[derive(Clone, Debug)]
enum Event {
    /// A night with other people in SmartHR, after a システム管理者 allowed everything that was asked or not.
    Night {
        shown: Vec<Employee>,
        allowed: bool,
    },
    SaveLoginMethod(LoginMethodSetting),
    SetRole(usize, Role),
    SetLoginMethod(usize, LoginMethod),
    SetEmergencyAccount(usize, bool),
    Delete(usize),
    Wait(i64),
}

fn event() -> impl Strategy<Value = Event> {
    use LoginMethodSetting::{Individual, Password, Sso};
    let who = || 0..12_usize;
    let people = generated::company().prop_map(|company| company.employees);
    prop_oneof![
        4 => (people, any::<bool>()).prop_map(|(shown, allowed)| Event::Night { shown, allowed }),
        2 => select(&[Password, Sso, Individual][..]).prop_map(Event::SaveLoginMethod),
        3 => (who(), select(&Role::ALL[..])).prop_map(|(at, role)| Event::SetRole(at, role)),
        1 => (who(), select(&[LoginMethod::Password, LoginMethod::Sso][..]))
            .prop_map(|(at, method)| Event::SetLoginMethod(at, method)),
        2 => (who(), any::<bool>()).prop_map(|(at, on)| Event::SetEmergencyAccount(at, on)),
        1 => who().prop_map(Event::Delete),
        1 => (1..800_i64).prop_map(Event::Wait),
    ]
}

/// Returns the company after an event, as far as the product lets it happen.
fn after(company: &Company, event: &Event) -> Company {
    let mut next = company.clone();
    let sync = Some((&company.tenant, &company.settings));
    match event {
        Event::Night { shown, allowed } => {
            next.employees.clone_from(shown);
            if *allowed {
                next = answered(&next, Decision::Allow);
            }
            next = next.after_night();
        }
        Event::SaveLoginMethod(method) => {
            next.settings.login_method = *method;
            let saved = Some((&next.tenant, &next.settings));
            let mut users = company.users.iter();
            if next.settings.needs_sso() && !users.any(|user| has_lasting_way_in(user, saved)) {
                return company.clone();
            }
        }
        Event::Wait(hours) => next = next.hours_later(*hours),
        Event::SetRole(at, _)
        | Event::SetLoginMethod(at, _)
        | Event::SetEmergencyAccount(at, _)
        | Event::Delete(at) => {
            let Some(before) = company.users.get(*at) else {
                return company.clone();
            };
            let edited = edited(before, event);
            let now = company.now;
            if another_way_in(&company.users, before, edited.as_ref(), sync, now).is_ok() {
                next.users.remove(*at);
                next.users.extend(edited);
            }
        }
    }
    next
}

fn edited(before: &User, event: &Event) -> Option<User> {
    let mut user = before.clone();
    match event {
        Event::SetRole(_, role) => user.role = *role,
        Event::SetLoginMethod(_, LoginMethod::Sso) if !user.is_emergency_account => {
            user.login_method = LoginMethod::Sso;
            user.admit_by_sso();
        }
        Event::SetLoginMethod(_, method) if *method == LoginMethod::Password => {
            user.login_method = LoginMethod::Password;
        }
        Event::SetEmergencyAccount(_, on) => {
            user.is_emergency_account = *on && user.is_system_administrator_with_own_password();
        }
        _ => return (!matches!(event, Event::Delete(_))).then_some(user),
    }
    user.is_emergency_account &= user.role == Role::SystemAdministrator;
    Some(user)
}

fn somebody_has_a_way_in(company: &Company) -> bool {
    let mut users = company.users.iter();
    users.any(User::is_system_administrator_with_own_password)
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn no_sequence_of_nights_settings_and_edits_leaves_a_workspace_without_a_way_in(
        company in generated::company().prop_filter("nobody to lose", somebody_has_a_way_in),
        events in proptest::collection::vec(event(), 1..8),
    ) {
        let mut company = company;
        for event in &events {
            let next = after(&company, event);
            prop_assert!(somebody_has_a_way_in(&next), "{event:?} after {:?}", company.users);
            company = next;
        }
    }

    #[test]
    fn no_run_moves_an_emergency_account_to_sso(company in generated::company(), at in 0..12_usize) {
        let mut company = company;
        company.settings.login_method = LoginMethodSetting::Sso;
        let Some(user) = company.users.get_mut(at) else { return Ok(()) };
        user.is_emergency_account = true;
        user.role = Role::SystemAdministrator;
        let (id, method) = (user.user_id.clone(), user.login_method);
        let after = answered(&company, Decision::Allow).after_night();
        let kept = after.users.iter().find(|user| user.user_id == id);
        prop_assert!(kept.is_none_or(|user| user.login_method == method));
    }
}

#[test]
fn with_sso_for_everybody_only_emergency_accounts_and_people_outside_smarthr_keep_a_password() {
    let linked = system_administrator("1");
    let unlinked = User {
        crew_link: None,
        ..linked.clone()
    };
    let emergency = User {
        is_emergency_account: true,
        ..linked.clone()
    };
    let company = Company::new([], []).signing_in_by(LoginMethodSetting::Sso);
    let lasts = |user: &User| has_lasting_way_in(user, Some((&company.tenant, &company.settings)));
    assert!(!lasts(&linked));
    assert!(lasts(&emergency));
    assert!(lasts(&unlinked));
}

#[test]
fn an_initial_password_that_expires_spares_nobody_who_chose_a_password() {
    let leaving = system_administrator("1");
    let mut newcomer = system_administrator("2");
    newcomer.issue_initial_password(crate::company::NOW);
    let company = Company::new([retired("1"), employee("2")], [leaving.clone(), newcomer]);
    let after = company.after_night();
    assert!(
        after
            .users
            .iter()
            .any(|user| user.user_id == leaving.user_id)
    );
}
