//! Worlds for the properties: small alphabets, so that people collide.

use std::collections::BTreeSet;

use directory::{
    Credential, CrewId, DeletionDecisions, EmailAddress, Employee, EmployeeCode, EmploymentStatus,
    Invitation, Link, LoginMethod, LoginMethodSetting, Role, Settings, Status, SyncTarget,
    TenantId, User, UserId,
};
use jiff::SignedDuration;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use crate::company::{Company, NOW, editors, readers, said, tenant};

const CREWS: usize = 12;

/// What somebody might have typed instead of their own address.
const ODD_EMAILS: [&str; 6] = [
    "P00@one.jp",
    "p01@ONE.jp",
    " p02@one.jp ",
    "p03@one.jp",
    "壊れた",
    "p04@one",
];

/// What somebody might have typed instead of their own code.
const ODD_CODES: [&str; 6] = ["0", "1", " 2 ", "-3", "４", "a_5"];

fn crew(number: usize) -> CrewId {
    CrewId::new(format!("crew {number:02}"))
}

fn own_email(number: usize) -> String {
    let domain = if number < CREWS - 2 { "one" } else { "two" };
    format!("p{number:02}@{domain}.jp")
}

/// Which of the addresses or codes each crew has: its own, or everybody somebody else's.
fn owners() -> impl Strategy<Value = Vec<usize>> {
    let own: Vec<usize> = (0..CREWS).collect();
    let mut pair_swapped = own.clone();
    pair_swapped.swap(0, 1);
    prop_oneof![
        5 => Just(own.clone()),
        2 => Just(pair_swapped),
        1 => Just(own).prop_shuffle(),
    ]
}

/// Where an address or a code comes from.
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

/// An employee who lacks identifiers yet, and where to take them from.
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

/// Most crews of twelve, in any order. Mostly ordinary nights, sometimes one with many leavers.
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

fn a_credential() -> impl Strategy<Value = Credential> {
    prop_oneof![
        1 => Just(Credential::None),
        3 => Just(Credential::Password),
        1 => select(&[-1, 1][..]).prop_map(|hours| Credential::Initial {
            expires_at: NOW + SignedDuration::from_hours(hours),
        }),
    ]
}

/// A user with the address and the code `number`, or without.
fn a_user(number: usize) -> impl Strategy<Value = User> {
    let role = select(&[Role::SystemAdministrator, Role::Administrator, Role::Member][..]);
    let status = select(&[Status::Active, Status::Active, Status::Invited][..]);
    let email = proptest::option::weighted(0.9, Just(own_email(number)));
    let code = proptest::option::weighted(0.9, Just(number.to_string()));
    let groups = prop_oneof![
        4 => Just(vec![editors()]),
        1 => subsequence(vec![editors(), readers()], 0..=2),
    ];
    let synced_group = proptest::option::weighted(0.9, Just(editors()));
    let invitation = proptest::option::weighted(0.7, (any::<bool>(), any::<bool>()));
    (
        (a_name(), email, code, a_login_method()),
        (role, status, a_credential()),
        (groups, synced_group, invitation),
    )
        .prop_map(move |(data, (role, status, credential), given)| {
            let (name, email, code, login_method) = data;
            let (groups, synced_group, invitation) = given;
            let mut user = User {
                user_id: UserId::new(format!("user {number:02}")),
                name: name.unwrap_or("高橋 次郎").into(),
                email: email.as_deref().and_then(EmailAddress::parse),
                code: code.as_deref().and_then(EmployeeCode::parse),
                role,
                login_method,
                groups: BTreeSet::from_iter(groups),
                status,
                link: None,
                synced_group,
                invitation: None,
                credential,
                serial: 3,
                version: 3,
            };
            user.invitation = invitation.map(|(alive, same)| {
                let mut said = said(&user);
                if !same {
                    said.name = "前の名前".into();
                }
                Invitation {
                    said,
                    expires_at: NOW + SignedDuration::from_hours(if alive { 1 } else { -1 }),
                    serial: 3,
                    bounced: None,
                }
            });
            user
        })
}

/// What a user is linked to.
#[derive(Clone, Copy, Debug)]
enum Linked {
    Here,
    Elsewhere,
    Nowhere,
}

/// Users in any order: at most one for each crew, and no two with the same address or code.
fn users() -> impl Strategy<Value = Vec<User>> {
    let linked = || {
        prop_oneof![
            6 => Just(Linked::Here),
            1 => Just(Linked::Elsewhere),
            3 => Just(Linked::Nowhere),
        ]
    };
    let all: Vec<_> = (0..CREWS)
        .map(|number| (a_user(number), linked()))
        .collect();
    (all, owners())
        .prop_map(|(users, crews)| {
            let numbered = users.into_iter().zip(crews);
            let linked = numbered.map(|((user, linked), number)| {
                let link = |tenant_id: TenantId| Link {
                    tenant_id,
                    crew_id: crew(number),
                };
                let link = match linked {
                    Linked::Here => Some(link(tenant())),
                    Linked::Elsewhere => Some(link(TenantId::new("elsewhere"))),
                    Linked::Nowhere => None,
                };
                User { link, ..user }
            });
            linked.collect::<Vec<_>>()
        })
        .prop_flat_map(|users| subsequence(users, 0..=CREWS))
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
    let default_group = select(vec![editors(), editors(), readers()]);
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
    (some(6), some(3), some(6)).prop_map(|(allowed, refused, held)| DeletionDecisions {
        allowed,
        refused,
        held,
    })
}

/// A company with everything in it that the planner can meet.
pub(crate) fn company() -> impl Strategy<Value = Company> {
    let allowed_domains = select(vec![vec![], vec![], vec![], vec!["one.jp".to_owned()]]);
    let seats = prop_oneof![Just(100_u32), 0..20_u32];
    let sso_configured = proptest::bool::weighted(0.9);
    (
        (employees(), users(), settings(), decisions()),
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
