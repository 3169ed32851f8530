//! Users for tests, each made from [`User::new`].

use std::sync::Arc;

use domain::{
    Credential, CrewId, CrewLink, EmailAddress, EmployeeCode, GroupId, Role, Status, TenantId,
    User, UserId,
};

/// The id of the SmartHR company that the workspace is connected to.
pub const TENANT: &str = "11111111-1111-4111-8111-111111111111";

/// An active user with a password, added by hand, whose address is made from the id (`usr_a`: usr-a@example.jp).
pub fn active(id: &str, role: Role) -> User {
    User {
        email: EmailAddress::parse(&format!("{id}@example.jp").replace('_', "-")),
        role,
        status: Status::Active,
        credential: Credential::Password,
        version: 1,
        ..User::new(UserId::new(id), format!("利用者 {id}"))
    }
}

/// As [`active`]: a メンバー.
pub fn member(id: &str) -> User {
    active(id, Role::Member)
}

/// As [`active`]: a システム管理者.
pub fn system_administrator(id: &str) -> User {
    active(id, Role::SystemAdministrator)
}

/// A メンバー whom the sync keeps in step with a crew that has the same id.
pub fn synced(id: &str) -> User {
    User {
        crew_link: Some(CrewLink {
            tenant_id: TenantId::new(TENANT),
            crew_id: CrewId::new(id),
        }),
        synced_group: Some(GroupId::new("viewers")),
        groups: Arc::new([GroupId::new("viewers")].into()),
        ..member(id)
    }
}

/// A メンバー without an e-mail address, who signs in by employee code.
pub fn by_code(id: &str, code: &str) -> User {
    User {
        email: None,
        code: EmployeeCode::parse(code),
        ..member(id)
    }
}

/// A メンバー who is 招待中 and has no link yet.
pub fn invited(id: &str) -> User {
    User {
        status: Status::Invited,
        credential: Credential::None,
        ..member(id)
    }
}
