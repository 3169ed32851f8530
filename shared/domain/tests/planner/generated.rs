//! Generated companies for the properties. Their alphabets are small, so that identifiers collide.

mod users;

use std::collections::BTreeSet;

use domain::{
    CrewId, DeletionDecisions, Employee, EmploymentStatus, LoginMethod, LoginMethodSetting,
    Settings, SyncTarget, UserId,
};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use crate::company::{Company, tested_single_sign_on};
use crate::people::{editors, readers};

const CREWS: usize = 12;

/// Addresses that a person may have entered in place of their own.
const ODD_EMAILS: [&str; 6] = [
    "P00@one.jp",
    "p01@ONE.jp",
    " p02@one.jp ",
    "p03@one.jp",
    "壊れた",
    "p04@one",
];

/// Codes that a person may have entered in place of their own.
const ODD_CODES: [&str; 6] = ["0", "1", " 2 ", "-3", "４", "a_5"];

fn crew(number: usize) -> CrewId {
    CrewId::new(format!("crew {number:02}"))
}

fn own_email(number: usize) -> String {
    let domain = if number < CREWS - 2 { "one" } else { "two" };
    format!("p{number:02}@{domain}.jp")
}

/// Generates the number of the address or code that each crew has: mostly its own, sometimes those
/// of others.
fn owners() -> impl Strategy<Value = Vec<usize>> {
    let own: Vec<usize> = (0..CREWS).collect();
    let mut some_exchanged = own.clone();
    some_exchanged.swap(0, 1);
    some_exchanged.swap(4, 9);
    some_exchanged[5..8].rotate_left(1);
    prop_oneof![
        5 => Just(own.clone()),
        2 => Just(some_exchanged),
        1 => Just(own).prop_shuffle(),
    ]
}

/// Generates the address or the code of each crew: mostly the one of its owner, sometimes an odd
/// text or none.
fn identifiers(
    of_owner: fn(usize) -> String,
    odd: &'static [&'static str],
) -> impl Strategy<Value = Vec<Option<String>>> {
    owners().prop_flat_map(move |owners| {
        let identifier = |owner| {
            prop_oneof![
                26 => Just(Some(of_owner(owner))),
                2 => select(odd).prop_map(|odd| Some(odd.to_owned())),
                2 => Just(None),
            ]
        };
        owners.into_iter().map(identifier).collect::<Vec<_>>()
    })
}

fn a_login_method() -> impl Strategy<Value = LoginMethod> {
    prop_oneof![3 => Just(LoginMethod::Password), 1 => Just(LoginMethod::Sso)]
}

fn a_name() -> impl Strategy<Value = Option<&'static str>> {
    prop_oneof![
        1 => Just(None),
        16 => Just(Some("佐藤 一郎")),
        3 => Just(Some("鈴木 花子")),
    ]
}

/// Generates an employee without identifiers.
fn an_employee(leaving: u32) -> impl Strategy<Value = Employee> {
    let status = prop_oneof![
        10 => Just(EmploymentStatus::Employed),
        1 => Just(EmploymentStatus::Absent),
        leaving => Just(EmploymentStatus::Retired),
    ];
    let sync_choice = select(&[Some(true), Some(true), Some(false), None][..]);
    let login_choice = proptest::option::of(a_login_method());
    (a_name(), status, sync_choice, login_choice).prop_map(
        |(name, status, sync_choice, login_choice)| Employee {
            crew_id: crew(0),
            code: None,
            email: None,
            status,
            name: name.map(Into::into),
            sync_choice,
            login_choice,
            unreadable: None,
        },
    )
}

/// Generates most of twelve crews in any order. Few of them leave as a rule, sometimes many.
fn employees() -> impl Strategy<Value = Vec<Employee>> {
    let people = prop_oneof![3 => Just(2_u32), 1 => Just(20)]
        .prop_flat_map(|leaving| proptest::collection::vec(an_employee(leaving), CREWS));
    let emails = identifiers(own_email, &ODD_EMAILS);
    let codes = identifiers(|number| number.to_string(), &ODD_CODES);
    (people, emails, codes)
        .prop_map(|(mut people, emails, codes)| {
            for (number, (email, code)) in emails.into_iter().zip(codes).enumerate() {
                let person = &mut people[number];
                person.crew_id = crew(number);
                (person.email, person.code) = (email, code);
            }
            people
        })
        .prop_flat_map(|employees| subsequence(employees, CREWS / 2..=CREWS))
        .prop_shuffle()
}

fn settings() -> impl Strategy<Value = Settings> {
    use LoginMethodSetting::{Individual, Password, Sso};
    use SyncTarget::{Chosen, Everyone, EveryoneAndCodeOnly};

    let target = select(&[Everyone, EveryoneAndCodeOnly, Chosen][..]);
    let login_method = select(&[Password, Password, Sso, Individual][..]);
    let default_group = select(vec![editors(), editors(), editors(), readers()]);
    (target, login_method, default_group).prop_map(|(target, login_method, default_group)| {
        Settings {
            password_csv: domain::PasswordCsv::default(),
            invitation_texts: domain::InvitationTexts::default(),
            immediate: true,
            enabled: true,
            target,
            login_method,
            default_group,
        }
    })
}

fn decisions() -> impl Strategy<Value = DeletionDecisions> {
    let some = |most: usize| {
        let ids = (0..CREWS).map(|number| UserId::new(format!("user {number:02}")));
        subsequence(ids.collect::<Vec<_>>(), 0..=most).prop_map(BTreeSet::from_iter)
    };
    (some(6), some(3), some(6), proptest::bool::weighted(0.1)).prop_map(
        |(allowed, refused, held, more_held)| DeletionDecisions {
            more_held,
            allowed,
            refused,
            held,
        },
    )
}

/// Generates a company in any state that the planner has to handle.
pub(crate) fn company() -> impl Strategy<Value = Company> {
    let allowed_domains = select(vec![vec![], vec![], vec![], vec!["one.jp".to_owned()]]);
    let seats = prop_oneof![Just(100_u32), 0..20_u32];
    let single_sign_on = proptest::option::weighted(0.9, Just(tested_single_sign_on()));
    (
        (employees(), users::users(), settings(), decisions()),
        (allowed_domains, seats, single_sign_on),
    )
        .prop_map(|((employees, users, settings, decisions), plan)| {
            let mut company = Company::new(employees, users);
            company.settings = settings;
            company.decisions = decisions;
            (
                company.workspace.allowed_domains,
                company.workspace.seats,
                company.workspace.single_sign_on,
            ) = plan;
            company
        })
}
