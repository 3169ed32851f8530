//! Generated companies for the properties. Their alphabets are small, so that identifiers collide.

mod users;

use std::collections::BTreeSet;

use domain::{
    CrewId, DeletionDecisions, Employee, EmploymentStatus, LoginMethod, LoginMethodSetting,
    Settings, SyncTarget, UserId,
};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use crate::company::Company;
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

/// The source of an address or a code.
#[derive(Clone, Copy, Debug)]
enum Source {
    Own,
    Odd(&'static str),
    Missing,
}

fn a_source(odd: &'static [&'static str]) -> impl Strategy<Value = Source> {
    prop_oneof![
        26 => Just(Source::Own),
        2 => select(odd).prop_map(Source::Odd),
        2 => Just(Source::Missing),
    ]
}

impl Source {
    fn or_own(self, own: String) -> Option<String> {
        match self {
            Self::Own => Some(own),
            Self::Odd(text) => Some(text.to_owned()),
            Self::Missing => None,
        }
    }
}

fn a_login_method() -> impl Strategy<Value = LoginMethod> {
    select(
        &[
            LoginMethod::Password,
            LoginMethod::Password,
            LoginMethod::Password,
            LoginMethod::Sso,
        ][..],
    )
}

fn a_name() -> impl Strategy<Value = Option<&'static str>> {
    prop_oneof![
        1 => Just(None),
        16 => Just(Some("佐藤 一郎")),
        3 => Just(Some("鈴木 花子")),
    ]
}

/// Generates an employee without identifiers, and the sources of the address and the code.
fn an_employee(leaving: u32) -> impl Strategy<Value = (Employee, Source, Source)> {
    let status = prop_oneof![
        10 => Just(EmploymentStatus::Employed),
        1 => Just(EmploymentStatus::Absent),
        leaving => Just(EmploymentStatus::Retired),
    ];
    let sync_choice = select(&[Some(true), Some(true), Some(false), None][..]);
    let login_choice = proptest::option::of(a_login_method());
    let person = (a_name(), status, sync_choice, login_choice).prop_map(
        |(name, status, sync_choice, login_choice)| Employee {
            crew_id: crew(0),
            code: None,
            email: None,
            status,
            name: name.map(Into::into),
            sync_choice,
            login_choice,
        },
    );
    (person, a_source(&ODD_EMAILS), a_source(&ODD_CODES))
}

/// Generates most of twelve crews in any order. Few of them leave as a rule, sometimes many.
fn employees() -> impl Strategy<Value = Vec<Employee>> {
    let people = prop_oneof![3 => Just(2_u32), 1 => Just(20)]
        .prop_flat_map(|leaving| proptest::collection::vec(an_employee(leaving), CREWS));
    (people, owners(), owners())
        .prop_map(|(people, emails, codes)| {
            let numbered = people.into_iter().enumerate();
            let identified = numbered.map(|(number, (employee, email, code))| Employee {
                crew_id: crew(number),
                email: email.or_own(own_email(emails[number])),
                code: code.or_own(codes[number].to_string()),
                ..employee
            });
            identified.collect::<Vec<_>>()
        })
        .prop_flat_map(|employees| subsequence(employees, CREWS / 2..=CREWS))
        .prop_shuffle()
}

fn settings() -> impl Strategy<Value = Settings> {
    let target = select(
        &[
            SyncTarget::Everyone,
            SyncTarget::EveryoneAndCodeOnly,
            SyncTarget::Chosen,
        ][..],
    );
    let login_method = select(
        &[
            LoginMethodSetting::Password,
            LoginMethodSetting::Password,
            LoginMethodSetting::Sso,
            LoginMethodSetting::Individual,
        ][..],
    );
    let default_group = select(vec![editors(), editors(), editors(), readers()]);
    (target, login_method, default_group).prop_map(|(target, login_method, default_group)| {
        Settings {
            enabled: true,
            target,
            login_method,
            default_group,
        }
    })
}

fn decisions() -> impl Strategy<Value = DeletionDecisions> {
    let some = |most: usize| {
        let ids: Vec<UserId> = (0..CREWS)
            .map(|number| UserId::new(format!("user {number:02}")))
            .collect();
        subsequence(ids, 0..=most).prop_map(BTreeSet::from_iter)
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
    let sso_configured = proptest::bool::weighted(0.9);
    (
        (employees(), users::users(), settings(), decisions()),
        (allowed_domains, seats, sso_configured),
    )
        .prop_map(|((employees, users, settings, decisions), plan)| {
            let mut company = Company::new(employees, users);
            company.settings = settings;
            company.decisions = decisions;
            (
                company.workspace.allowed_domains,
                company.workspace.seats,
                company.workspace.sso_configured,
            ) = plan;
            company
        })
        .prop_filter("a read that stops the run has no plan", |company| {
            company.try_plan().is_ok()
        })
}
