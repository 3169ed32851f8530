//! A database for one test, over HTTP through the real SDK.

#![expect(
    clippy::unwrap_used,
    reason = "a database that does not start is a failed test"
)]

use aws::Store;
use aws::testing::database;
use directory::{
    Credential, EmailAddress, EmployeeCode, LoginMethod, Role, Status, User, UserId, WorkspaceId,
};
use jiff::Timestamp;

pub(crate) async fn store() -> Store {
    database().await.unwrap().0
}

pub(crate) fn workspace() -> WorkspaceId {
    WorkspaceId::new("ws_1")
}

pub(crate) fn now() -> Timestamp {
    "2026-11-23T02:00:00+09:00".parse().unwrap()
}

pub(crate) fn user(id: &str, email: Option<&str>, code: Option<&str>) -> User {
    User {
        user_id: UserId::new(id),
        name: format!("利用者 {id}"),
        email: email.and_then(EmailAddress::parse),
        code: code.and_then(EmployeeCode::parse),
        role: Role::Member,
        login_method: LoginMethod::Password,
        groups: std::collections::BTreeSet::new(),
        status: Status::Active,
        link: None,
        synced_group: None,
        invitation: None,
        credential: Credential::Password,
        serial: 0,
        version: 1,
    }
}
