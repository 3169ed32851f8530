//! A user and a workspace for the tests of this crate.

use domain::{
    Credential, EmailAddress, Group, GroupId, Notifications, Role, Status, User, UserId, Workspace,
    WorkspaceId,
};

pub(crate) fn workspace() -> Workspace {
    Workspace {
        workspace_id: WorkspaceId::new("ws"),
        name: "みどり商事".into(),
        company_code: "MIDORI".into(),
        seats: 10,
        allowed_domains: vec!["example.jp".into()],
        single_sign_on: None,
        second_factor_required_since: None,
        groups: vec![Group {
            id: GroupId::new("viewers"),
            name: "閲覧権限グループ".into(),
        }],
        parent_workspace_id: None,
        child_workspace_ids: Vec::new(),
        related_company_users: Vec::new(),
        notifications: Notifications::default(),
        domains_of_admins: Vec::new(),
        revision: 0,
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
