//! People in SmartHR and users in KiteRa, which tests vary with struct update syntax.

use std::sync::Arc;

use domain::{
    Credential, CrewId, CrewLink, EmailAddress, Employee, EmployeeCode, EmploymentStatus, GroupId,
    Invitation, LoginMethod, Role, Status, TenantId, User, UserId,
};
use jiff::ToSpan;

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
        unreadable: None,
    }
}

/// Returns an employed person without an address.
pub(crate) fn code_only(id: &str) -> Employee {
    Employee {
        email: None,
        ..employee(id)
    }
}

/// Returns an employed person without a code.
pub(crate) fn address_only(id: &str) -> Employee {
    Employee {
        code: None,
        ..employee(id)
    }
}

/// Returns an employed person with another address.
pub(crate) fn with_email(id: &str, email: &str) -> Employee {
    Employee {
        email: Some(email.into()),
        ..employee(id)
    }
}

/// Returns an employed person with another code.
pub(crate) fn with_code(id: &str, code: &str) -> Employee {
    Employee {
        code: Some(code.into()),
        ..employee(id)
    }
}

/// Returns an employed person whose name is now 田中 花子.
pub(crate) fn renamed(id: &str) -> Employee {
    Employee {
        name: Some("田中 花子".into()),
        ..employee(id)
    }
}

/// Returns an employed person without a name, who cannot be synced.
pub(crate) fn nameless(id: &str) -> Employee {
    Employee {
        name: None,
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

/// Returns the active user linked to [`employee`], with the same data and a password of their own.
pub(crate) fn registered(id: &str) -> User {
    User {
        email: email(&format!("{id}@example.jp")),
        code: code(id),
        groups: Arc::new([editors()].into()),
        status: Status::Active,
        crew_link: Some(CrewLink {
            tenant_id: tenant(),
            crew_id: CrewId::new(id),
        }),
        synced_group: Some(editors()),
        credential: Credential::Password,
        serial: 1,
        version: 7,
        ..User::new(UserId::new(format!("user {id}")), format!("社員{id}"))
    }
}

/// Returns the active user linked to [`employee`] who signs in through SSO and never had a password.
pub(crate) fn registered_by_sso(id: &str) -> User {
    User {
        login_method: LoginMethod::Sso,
        credential: Credential::None,
        ..registered(id)
    }
}

/// Returns the user linked to [`employee`] who was invited an hour ago with the same data.
pub(crate) fn invited(id: &str) -> User {
    let user = registered(id);
    User {
        status: Status::Invited,
        credential: Credential::None,
        invitation: Some(Invitation {
            fields_at_invitation: user.synced_fields(editors()),
            expires_at: NOW + 71.hours(),
            serial: 1,
            bounced: None,
        }),
        ..user
    }
}

/// Returns the user as if an admin had added them in KiteRa.
pub(crate) fn by_hand(user: User) -> User {
    User {
        crew_link: None,
        synced_group: None,
        groups: Arc::new([readers()].into()),
        ..user
    }
}

/// Returns [`registered`] as a システム管理者.
pub(crate) fn system_administrator(id: &str) -> User {
    User {
        role: Role::SystemAdministrator,
        ..registered(id)
    }
}
