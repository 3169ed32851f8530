//! Generated users in every state.

use std::sync::Arc;

use domain::{
    Credential, CrewLink, EmailAddress, EmployeeCode, Invitation, Role, Status, TenantId, User,
    UserId,
};
use jiff::SignedDuration;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use super::{CREWS, a_login_method, a_name, crew, own_email, owners};
use crate::company::NOW;
use crate::people::{editors, readers, said, tenant};

fn a_credential() -> impl Strategy<Value = Credential> {
    prop_oneof![
        1 => Just(Credential::None),
        3 => Just(Credential::Password),
        1 => select(&[-1, 1][..]).prop_map(|hours| Credential::Initial {
            expires_at: NOW + SignedDuration::from_hours(hours),
        }),
    ]
}

/// Generates a user with the address and the code of crew `number`, or without one of them.
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
                groups: Arc::new(groups.into_iter().collect()),
                status,
                crew_link: None,
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
                    fields_at_invitation: said,
                    expires_at: NOW + SignedDuration::from_hours(if alive { 1 } else { -1 }),
                    serial: 3,
                    bounced: None,
                }
            });
            user
        })
}

/// The SmartHR company that a user is linked to.
#[derive(Clone, Copy, Debug)]
enum Linked {
    Here,
    Elsewhere,
    Nowhere,
}

/// Generates users in any order: at most one for each crew, and no two with the same address or
/// code.
pub(super) fn users() -> impl Strategy<Value = Vec<User>> {
    let linked = || {
        prop_oneof![
            12 => Just(Linked::Here),
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
                let link = |tenant_id: TenantId| CrewLink {
                    tenant_id,
                    crew_id: crew(number),
                };
                let link = match linked {
                    Linked::Here => Some(link(tenant())),
                    Linked::Elsewhere => Some(link(TenantId::new("elsewhere"))),
                    Linked::Nowhere => None,
                };
                User {
                    crew_link: link,
                    ..user
                }
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
