//! A user and a workspace for the tests of this crate.

use domain::{
    Credential, EmailAddress, Group, GroupId, Role, Status, User, UserId, Workspace, WorkspaceId,
};

pub(crate) fn workspace() -> Workspace {
    Workspace {
        allowed_domains: vec!["example.jp".into()],
        groups: vec![Group {
            id: GroupId::new("viewers"),
            name: "閲覧権限グループ".into(),
        }],
        ..Workspace::new(WorkspaceId::new("ws"), "みどり商事", "MIDORI", 10)
    }
}

pub(crate) fn user(id: &str, role: Role) -> User {
    User {
        email: EmailAddress::parse("hanako@old.example"),
        role,
        status: Status::Active,
        credential: Credential::Password,
        serial: 1,
        version: 1,
        ..User::new(UserId::new(id), "田中 花子")
    }
}
