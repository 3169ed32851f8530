//! A database for one test, accessed over HTTP with the real SDK.

#![expect(
    clippy::unwrap_used,
    reason = "a database that does not start is a failed test"
)]

use domain::{Credential, EmailAddress, EmployeeCode, Status, User, UserId, WorkspaceId};
use jiff::Timestamp;
use lambda::SdkConfig;
use storage::Store;
use storage::testing::database;

pub(crate) async fn store() -> Store {
    store_and_sdk().await.0
}

pub(crate) async fn store_and_sdk() -> (Store, SdkConfig) {
    database().await.unwrap()
}

pub(crate) fn workspace() -> WorkspaceId {
    WorkspaceId::new("ws_1")
}

pub(crate) fn now() -> Timestamp {
    "2026-11-23T02:00:00+09:00".parse().unwrap()
}

pub(crate) fn user(id: &str, email: Option<&str>, code: Option<&str>) -> User {
    User {
        email: email.and_then(EmailAddress::parse),
        code: code.and_then(EmployeeCode::parse),
        status: Status::Active,
        credential: Credential::Password,
        version: 1,
        ..User::new(UserId::new(id), format!("利用者 {id}"))
    }
}
