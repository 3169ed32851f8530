//! 関連企業: a workspace lets people of its parent company enter, whom its システム管理者 lists by their address.

use serde::{Deserialize, Serialize};

use crate::{EmailAddress, Role, Status, User, Workspace, WorkspaceId};

/// The largest number of people of the parent company who may enter a workspace (product rule).
pub const MOST_RELATED_COMPANY_USERS: usize = 100;

/// One of 「関連企業ワークスペースにアクセス可能なユーザー」.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "StoredRelatedCompanyUser", into = "StoredRelatedCompanyUser")]
pub struct RelatedCompanyUser {
    /// The address of the person's account in the parent company's workspace.
    pub email: EmailAddress,
    /// The role that the person has in this workspace.
    pub role: RelatedCompanyRole,
}

/// The role of somebody who enters from the parent company. A workspace's システム管理者 are its own people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(
    feature = "openapi",
    derive(utoipa::ToSchema),
    schema(as = RelatedCompanyRoleWord, description = "役割: 管理者, メンバー")
)]
pub enum RelatedCompanyRole {
    /// 管理者
    Administrator,
    /// メンバー
    #[default]
    Member,
}

impl RelatedCompanyRole {
    /// Both roles, in the order of the form.
    pub const ALL: [Self; 2] = [Self::Member, Self::Administrator];
}

impl From<RelatedCompanyRole> for Role {
    fn from(role: RelatedCompanyRole) -> Self {
        match role {
            RelatedCompanyRole::Administrator => Self::Administrator,
            RelatedCompanyRole::Member => Self::Member,
        }
    }
}

/// As workspaces have it: a メンバー is an address only, as in earlier versions, which can read a workspace without
/// 管理者 from its parent company.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum StoredRelatedCompanyUser {
    Address(EmailAddress),
    WithRole {
        email: EmailAddress,
        role: RelatedCompanyRole,
    },
}

impl From<StoredRelatedCompanyUser> for RelatedCompanyUser {
    fn from(stored: StoredRelatedCompanyUser) -> Self {
        match stored {
            StoredRelatedCompanyUser::Address(email) => Self::member(email),
            StoredRelatedCompanyUser::WithRole { email, role } => Self { email, role },
        }
    }
}

impl From<RelatedCompanyUser> for StoredRelatedCompanyUser {
    fn from(user: RelatedCompanyUser) -> Self {
        let RelatedCompanyUser { email, role } = user;
        match role {
            RelatedCompanyRole::Member => Self::Address(email),
            RelatedCompanyRole::Administrator => Self::WithRole { email, role },
        }
    }
}

impl RelatedCompanyUser {
    /// Returns somebody who enters as メンバー.
    pub fn member(email: EmailAddress) -> Self {
        Self {
            email,
            role: RelatedCompanyRole::Member,
        }
    }
}

/// Why people of the parent company are not listed as typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RelatedCompanyError {
    /// The contract names no parent company.
    NoParent,
    /// A text is no e-mail address.
    NotAnAddress(String),
    /// There would be more than [`MOST_RELATED_COMPANY_USERS`].
    TooMany,
}

impl RelatedCompanyError {
    /// Returns the sentence that the admin reads.
    pub fn sentence(&self) -> String {
        match self {
            Self::NoParent => {
                "親会社のワークスペースが設定されていません。設定するには、サポートにお問い合わせください。"
                    .into()
            }
            Self::NotAnAddress(typed) if typed.is_empty() => {
                "親会社のユーザーのメールアドレスを入力してください。".into()
            }
            Self::NotAnAddress(typed) => format!(
                "「{typed}」はメールアドレスとして正しくありません。親会社のKiteRaに登録されているメールアドレスを入力してください。"
            ),
            Self::TooMany => format!(
                "アクセス可能なユーザーは{MOST_RELATED_COMPANY_USERS}名まで登録できます。不要なユーザーを削除してください。"
            ),
        }
    }
}

impl Workspace {
    /// Returns the entry of somebody of the parent company who may enter with this address.
    pub fn related_company_user(&self, email: &EmailAddress) -> Option<&RelatedCompanyUser> {
        let key = email.key();
        self.related_company_users
            .iter()
            .find(|related| related.email.key() == key)
    }

    /// Lets these people of the parent company enter, and nobody else. Of an address that is listed twice, the last
    /// role counts.
    ///
    /// # Errors
    /// Why not. Nobody can be added to a workspace without a parent company.
    pub fn with_related_company_users(
        mut self,
        users: Vec<RelatedCompanyUser>,
    ) -> Result<Self, RelatedCompanyError> {
        let mut listed: Vec<RelatedCompanyUser> = Vec::new();
        for user in users {
            let key = user.email.key();
            match listed.iter_mut().find(|it| it.email.key() == key) {
                Some(before) => *before = user,
                None => listed.push(user),
            }
        }
        let is_new = |user: &RelatedCompanyUser| self.related_company_user(&user.email).is_none();
        if self.parent_workspace_id.is_none() && listed.iter().any(is_new) {
            return Err(RelatedCompanyError::NoParent);
        }
        if listed.len() > MOST_RELATED_COMPANY_USERS
            && listed.len() > self.related_company_users.len()
        {
            return Err(RelatedCompanyError::TooMany);
        }
        self.related_company_users = listed;
        Ok(self)
    }

    /// Returns `user` of the workspace `home` as they are in this workspace: with the role that it gives them, and
    /// nothing else that they have at home. `None` unless `home` is its parent company's, and the user is active there
    /// and listed here.
    pub fn entering_user(&self, home: &WorkspaceId, user: &User) -> Option<User> {
        let email = user.email.as_ref()?;
        let listed = self.related_company_user(email)?;
        if self.parent_workspace_id.as_ref() != Some(home) || user.status != Status::Active {
            return None;
        }
        Some(User {
            email: Some(email.clone()),
            role: listed.role.into(),
            login_method: user.login_method,
            status: Status::Active,
            credential: user.credential,
            ..User::new(user.user_id.clone(), user.name.clone())
        })
    }
}

/// Returns the address that somebody typed.
///
/// # Errors
/// [`RelatedCompanyError::NotAnAddress`] when the text is not an e-mail address.
pub fn parse_related_address(typed: &str) -> Result<EmailAddress, RelatedCompanyError> {
    let not = || RelatedCompanyError::NotAnAddress(typed.trim().to_owned());
    EmailAddress::parse(typed).ok_or_else(not)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(email: &str, role: RelatedCompanyRole) -> RelatedCompanyUser {
        RelatedCompanyUser {
            email: EmailAddress::parse(email).unwrap(),
            role,
        }
    }

    fn child() -> Workspace {
        Workspace {
            parent_workspace_id: Some(WorkspaceId::new("ws_parent")),
            ..Workspace::midori()
        }
    }

    fn at_the_parent(email: &str) -> User {
        User {
            email: EmailAddress::parse(email),
            role: Role::SystemAdministrator,
            status: Status::Active,
            is_emergency_account: true,
            ..User::new(crate::UserId::new("usr_oya"), "親会社 太郎")
        }
    }

    #[test]
    fn members_are_stored_and_read_as_earlier_versions_have_them() {
        let stored = serde_json::json!(["oya@hd.example", {"email": "a@hd.example", "role": "administrator"}]);
        let read: Vec<RelatedCompanyUser> = serde_json::from_value(stored.clone()).unwrap();
        let expected = [
            listed("oya@hd.example", RelatedCompanyRole::Member),
            listed("a@hd.example", RelatedCompanyRole::Administrator),
        ];
        assert_eq!(read, expected);
        let members = serde_json::json!([{"email": "oya@hd.example", "role": "member"}]);
        let members: Vec<RelatedCompanyUser> = serde_json::from_value(members).unwrap();
        assert_eq!(members, expected[..1]);
        assert_eq!(
            serde_json::to_value(&read).unwrap(),
            stored,
            "an earlier version reads members"
        );
    }

    #[test]
    fn somebody_listed_enters_with_the_role_of_the_list_and_nothing_of_theirs() {
        let role = RelatedCompanyRole::Administrator;
        let child = child().with_related_company_users(vec![listed("Oya@hd.example", role)]);
        let user = at_the_parent("oya@HD.example");
        let home = WorkspaceId::new("ws_parent");
        let entering = child.unwrap().entering_user(&home, &user).unwrap();
        assert_eq!(entering.role, Role::Administrator);
        assert_eq!(
            (&*entering.name, entering.user_id.as_str()),
            ("親会社 太郎", "usr_oya")
        );
        assert!(!entering.is_emergency_account && entering.groups.is_empty());
    }

    #[test]
    fn nobody_else_enters() {
        let role = RelatedCompanyRole::Member;
        let child = child().with_related_company_users(vec![listed("oya@hd.example", role)]);
        let child = child.unwrap();
        let (home, user) = (
            WorkspaceId::new("ws_parent"),
            at_the_parent("oya@hd.example"),
        );
        assert!(child.entering_user(&home, &user).is_some());
        let invited = User {
            status: Status::Invited,
            ..user.clone()
        };
        let without_address = User {
            email: None,
            ..user.clone()
        };
        for other in [invited, without_address, at_the_parent("other@hd.example")] {
            assert_eq!(child.entering_user(&home, &other), None);
        }
        let elsewhere = WorkspaceId::new("ws_elsewhere");
        assert_eq!(child.entering_user(&elsewhere, &user), None);
        let orphan = Workspace {
            parent_workspace_id: None,
            ..child
        };
        assert_eq!(orphan.entering_user(&home, &user), None);
    }

    #[test]
    fn an_address_is_listed_once_and_only_where_there_is_a_parent_company() {
        let (member, admin) = (
            RelatedCompanyRole::Member,
            RelatedCompanyRole::Administrator,
        );
        let twice = vec![
            listed("a@hd.example", member),
            listed("A@hd.example", admin),
        ];
        let child = child().with_related_company_users(twice.clone()).unwrap();
        assert_eq!(child.related_company_users, [listed("A@hd.example", admin)]);
        let orphan = Workspace::midori().with_related_company_users(twice);
        assert_eq!(orphan, Err(RelatedCompanyError::NoParent));
        // Those whom an operator listed before can be removed all the same.
        let mut former = Workspace::midori();
        former.related_company_users = vec![listed("a@hd.example", member)];
        assert!(former.with_related_company_users(Vec::new()).is_ok());
    }

    #[test]
    fn a_hundred_people_may_be_listed() {
        let people = |number: usize| -> Vec<RelatedCompanyUser> {
            let person = |i| listed(&format!("p{i}@hd.example"), RelatedCompanyRole::Member);
            (0..number).map(person).collect()
        };
        assert!(child().with_related_company_users(people(100)).is_ok());
        let refused = child().with_related_company_users(people(101));
        assert_eq!(refused, Err(RelatedCompanyError::TooMany));
    }
}
