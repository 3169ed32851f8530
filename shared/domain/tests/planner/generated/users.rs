//! Generated users in every state.

use std::sync::Arc;

use domain::{Credential, CrewLink, Invitation, Role, Status, TenantId, User, UserId};
use jiff::ToSpan;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use super::{CREWS, a_login_method, a_name, crew, own_email, owners};
use crate::company::NOW;
use crate::people::{code, editors, email, readers, tenant};

fn a_credential() -> impl Strategy<Value = Credential> {
    prop_oneof![
        1 => Just(Credential::None),
        3 => Just(Credential::Password),
        1 => select(&[-1, 1][..]).prop_map(|hours| Credential::Initial {
            expires_at: NOW + hours.hours(),
        }),
    ]
}

/// Generates a user with the address and the code of crew `number`, or without one of them.
fn a_user(number: usize) -> impl Strategy<Value = User> {
    let role = select(&[Role::SystemAdministrator, Role::Administrator, Role::Member][..]);
    let status = select(&[Status::Active, Status::Active, Status::Invited][..]);
    let email = prop_oneof![9 => Just(email(&own_email(number))), 1 => Just(None)];
    let code = prop_oneof![9 => Just(code(&number.to_string())), 1 => Just(None)];
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
        .prop_map(move |(data, (role, status, credential), rest)| {
            let (name, email, code, login_method) = data;
            let (groups, synced_group, invitation) = rest;
            let mut user = User {
                email,
                code,
                role,
                login_method,
                groups: Arc::new(groups.into_iter().collect()),
                status,
                synced_group,
                credential,
                serial: 3,
                version: 3,
                ..User::new(
                    UserId::new(format!("user {number:02}")),
                    name.unwrap_or("高橋 次郎"),
                )
            };
            user.invitation = invitation.map(|(alive, same)| {
                let mut fields_at_invitation = user.synced_fields(editors());
                if !same {
                    fields_at_invitation.name = "前の名前".into();
                }
                Invitation {
                    fields_at_invitation,
                    expires_at: NOW + if alive { 24 } else { 23 }.hours(),
                    serial: 3,
                    bounced: None,
                }
            });
            user
        })
}

/// Generates users in any order: at most one for each crew, and no two with the same address or
/// code.
pub(super) fn users() -> impl Strategy<Value = Vec<User>> {
    let linked_company = || {
        prop_oneof![
            12 => Just(Some(tenant())),
            1 => Just(Some(TenantId::new("elsewhere"))),
            3 => Just(None),
        ]
    };
    let all: Vec<_> = (0..CREWS)
        .map(|number| (a_user(number), linked_company()))
        .collect();
    (all, owners())
        .prop_map(|(users, crews)| {
            let numbered = users.into_iter().zip(crews);
            let linked = numbered.map(|((user, linked_company), number)| User {
                crew_link: linked_company.map(|tenant_id| CrewLink {
                    tenant_id,
                    crew_id: crew(number),
                }),
                ..user
            });
            linked.collect::<Vec<_>>()
        })
        .prop_flat_map(|users| {
            let some = subsequence(users.clone(), 0..=CREWS);
            let most = subsequence(users, CREWS - 2..=CREWS);
            prop_oneof![some, most]
        })
        .prop_shuffle()
}
