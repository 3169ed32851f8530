//! People in SmartHR and users in KiteRa, which tests vary with struct update syntax.

use std::sync::Arc;

use domain::{
    Credential, CrewId, CrewLink, EmailAddress, Employee, EmployeeCode, EmploymentStatus, GroupId,
    Invitation, LoginMethod, Role, Status, SyncedFields, TenantId, User, UserId,
};
use jiff::SignedDuration;

use crate::company::NOW;

/// Returns the id of the connected SmartHR company.
pub(crate) fn tenant() -> TenantId {
    TenantId::new("tenant")
}

/// Returns the id of 編集権限グループ, the default group.
pub(crate) fn editors() -> GroupId {
    GroupId::new("editors")
}

/// Returns the id of 閲覧権限グループ.
pub(crate) fn readers() -> GroupId {
    GroupId::new("readers")
}

/// Parses a well-formed address.
pub(crate) fn email(text: &str) -> Option<EmailAddress> {
    let email = EmailAddress::parse(text);
    assert!(email.is_some(), "{text} is malformed");
    email
}

/// Parses a well-formed employee code.
pub(crate) fn code(text: &str) -> Option<EmployeeCode> {
    let code = EmployeeCode::parse(text);
    assert!(code.is_some(), "{text} is malformed");
    code
}

/// Returns an employed person: crew `id` with code `id`, address `id@example.jp` and name 「社員id」.
pub(crate) fn employee(id: &str) -> Employee {
    Employee {
        crew_id: CrewId::new(id),
        code: Some(id.into()),
        email: Some(format!("{id}@example.jp")),
        status: EmploymentStatus::Employed,
        name: Some(format!("社員{id}")),
        sync_choice: None,
        login_choice: None,
    }
}

/// Returns an employed person without an address.
pub(crate) fn code_only(id: &str) -> Employee {
    Employee {
        email: None,
        ..employee(id)
    }
}

/// Returns a retired person.
pub(crate) fn retired(id: &str) -> Employee {
    Employee {
        status: EmploymentStatus::Retired,
        ..employee(id)
    }
}

/// Returns the active user linked to `employee`, with the same data and a password of their own.
pub(crate) fn registered(employee: &Employee) -> User {
    User {
        user_id: UserId::new(format!("user {}", employee.crew_id)),
        name: employee.name.clone().unwrap(),
        email: employee.email.as_deref().and_then(EmailAddress::parse),
        code: employee.code.as_deref().and_then(EmployeeCode::parse),
        role: Role::Member,
        login_method: LoginMethod::Password,
        groups: Arc::new([editors()].into()),
        status: Status::Active,
        crew_link: Some(CrewLink {
            tenant_id: tenant(),
            crew_id: employee.crew_id.clone(),
        }),
        synced_group: Some(editors()),
        invitation: None,
        credential: Credential::Password,
        serial: 1,
        version: 7,
    }
}

/// Returns the active user linked to `employee` who signs in through SSO and never had a password.
pub(crate) fn registered_by_sso(employee: &Employee) -> User {
    User {
        login_method: LoginMethod::Sso,
        credential: Credential::None,
        ..registered(employee)
    }
}

/// Returns the user linked to `employee` who was invited an hour ago with the same data.
pub(crate) fn invited(employee: &Employee) -> User {
    let user = registered(employee);
    User {
        status: Status::Invited,
        credential: Credential::None,
        invitation: Some(Invitation {
            fields_at_invitation: said(&user),
            expires_at: NOW + SignedDuration::from_hours(71),
            serial: 1,
            bounced: None,
        }),
        ..user
    }
}

/// Returns the fields that an invitation of `user` contains.
pub(crate) fn said(user: &User) -> SyncedFields {
    SyncedFields {
        name: user.name.clone(),
        email: user.email.clone(),
        code: user.code.clone(),
        login_method: user.login_method,
        default_group: editors(),
    }
}

/// Returns `user` as if an admin had added them in KiteRa.
pub(crate) fn by_hand(user: User) -> User {
    User {
        crew_link: None,
        synced_group: None,
        groups: Arc::new([readers()].into()),
        ..user
    }
}

/// Returns `user` as a システム管理者.
pub(crate) fn administrator(user: User) -> User {
    User {
        role: Role::SystemAdministrator,
        ..user
    }
}
