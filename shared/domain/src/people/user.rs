//! A KiteRa user, with the data that the sync and the console need.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::is_default::is_default;
use crate::time::is_due;
use crate::{CrewId, EmailAddress, EmployeeCode, GroupId, LoginMethod, Role, TenantId, UserId};

/// Whether a user has come in yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(
    feature = "openapi",
    derive(utoipa::ToSchema),
    schema(as = StatusWord, description = "招待中, 有効")
)]
pub enum Status {
    /// 招待中: an invitation was sent and not accepted.
    Invited,
    /// 有効
    Active,
}

/// The crew that a user is linked to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CrewLink {
    /// The SmartHR company, within which crew ids are valid.
    pub tenant_id: TenantId,
    /// The id of the crew.
    pub crew_id: CrewId,
}

/// The fields of a user that SmartHR and the settings decide, and that an invitation shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncedFields {
    /// 氏名: the name to show.
    pub name: String,
    /// メールアドレス; `None` if the person has none.
    pub email: Option<EmailAddress>,
    /// 従業員コード; `None` if the person has none.
    pub code: Option<EmployeeCode>,
    /// 認証方法: how the person signs in.
    pub login_method: LoginMethod,
    /// デフォルトグループ: the group that the sync adds.
    pub default_group: GroupId,
}

/// An invitation that was not accepted yet, without its secret: only a hash of the secret is
/// stored, which the sync never reads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// The data that the invitation shows. When the user's present data differ, the person is
    /// invited again.
    #[serde(rename = "said")]
    pub fields_at_invitation: SyncedFields,
    /// The time at which the invitation expires, 72 hours after it was made.
    pub expires_at: Timestamp,
    /// The user's [`User::serial`] of this invitation; the secret is derived from it. 0 once the invitation was voided,
    /// so that no mail is of it.
    pub serial: u32,
    /// Why the mail did not arrive, or that it was reported as spam, in a sentence of the screen;
    /// `None` if SES has reported neither.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bounced: Option<String>,
}

/// The password that a user can sign in with, without its hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Credential {
    /// No password: the user is invited, or signs in by SSO.
    None,
    /// A password that the user chose.
    Password,
    /// The initial password of the CSV, to be replaced at the first sign-in.
    Initial {
        /// The time at which the password expires.
        expires_at: Timestamp,
    },
}

/// A KiteRa user, as stored, without the hashes of their credentials.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// The id of the user, which is never reused.
    pub user_id: UserId,
    /// 氏名: the name to show.
    pub name: String,
    /// The e-mail address, unique within the workspace, ignoring case; `None` if the user has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<EmailAddress>,
    /// The employee code, unique within the workspace; `None` if the user has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<EmployeeCode>,
    /// The role, which is set in KiteRa; the sync never changes it.
    pub role: Role,
    /// 緊急用アカウント: a システム管理者 who signs in by a password whatever the settings of the sync say.
    #[serde(default, rename = "emergency", skip_serializing_if = "is_default")]
    pub is_emergency_account: bool,
    /// 認証方法: how the user signs in.
    pub login_method: LoginMethod,
    /// The groups, which are set in KiteRa; the sync manages the default group only.
    pub groups: Arc<BTreeSet<GroupId>>,
    /// Whether the user is 招待中 or 有効.
    pub status: Status,
    /// The crew that the user is linked to; `None` for a user added by hand.
    #[serde(default, rename = "link", skip_serializing_if = "Option::is_none")]
    pub crew_link: Option<CrewLink>,
    /// The default group that the sync added. It is removed when the setting names another one, so
    /// that a move from 編集権限グループ to 閲覧権限グループ really removes rights.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub synced_group: Option<GroupId>,
    /// The open invitation; `None` if there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invitation: Option<Invitation>,
    /// The password that the user can sign in with.
    pub credential: Credential,
    /// The time at which the user became an admin who has come in; `None` for others, and those of earlier
    /// versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub admin_since: Option<Timestamp>,
    /// The admin who added the user by hand; `None` for those whom the sync or an operator added, and those of earlier
    /// versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub added_by: Option<UserId>,
    /// The number of invitations and initial passwords made for this user so far.
    #[serde(default)]
    pub serial: u32,
    /// Grows with every write; a write names the version that it was decided on.
    pub version: u64,
}

impl User {
    /// Creates a user: a メンバー of no group who signs in by パスワード and is 招待中, but has no
    /// invitation and cannot sign in yet. The user is not stored.
    pub fn new(user_id: UserId, name: impl Into<String>) -> Self {
        Self {
            user_id,
            name: name.into(),
            email: None,
            code: None,
            role: Role::Member,
            is_emergency_account: false,
            login_method: LoginMethod::Password,
            groups: Arc::default(),
            status: Status::Invited,
            crew_link: None,
            synced_group: None,
            invitation: None,
            credential: Credential::None,
            admin_since: None,
            added_by: None,
            serial: 0,
            version: 0,
        }
    }

    /// Returns whether the user is an admin and has come in.
    pub fn is_admin(&self) -> bool {
        self.role.may_manage_connection() && self.status == Status::Active
    }

    /// Notes at `now` that the user is an admin who has come in, if `before` they were none.
    pub fn note_admin_since(&mut self, before: Option<&Self>, now: Timestamp) {
        if self.is_admin() && !before.is_some_and(Self::is_admin) {
            self.admin_since = Some(now);
        }
    }

    /// Returns the user's present data as synced fields, with this default group.
    pub fn synced_fields(&self, default_group: GroupId) -> SyncedFields {
        SyncedFields {
            name: self.name.clone(),
            email: self.email.clone(),
            code: self.code.clone(),
            login_method: self.login_method,
            default_group,
        }
    }

    /// Returns the crew that the user is linked to within `tenant`, if any.
    pub fn crew_in(&self, tenant: &TenantId) -> Option<&CrewId> {
        self.crew_link
            .as_ref()
            .filter(|link| link.tenant_id == *tenant)
            .map(|link| &link.crew_id)
    }

    /// Returns whether the user is a システム管理者 who can sign in by a password at `now`.
    pub fn is_system_administrator_with_password(&self, now: Timestamp) -> bool {
        self.role == Role::SystemAdministrator
            && self.status == Status::Active
            && self.login_method == LoginMethod::Password
            && self.has_password_at(now)
    }

    /// Returns whether the user is a システム管理者 who can sign in by a password that they chose, which
    /// does not expire as an initial one does.
    pub fn is_system_administrator_with_own_password(&self) -> bool {
        self.role == Role::SystemAdministrator
            && self.status == Status::Active
            && self.login_method == LoginMethod::Password
            && self.credential == Credential::Password
    }

    /// Returns whether the user has a password that does not expire before the next scheduled run after `now`.
    pub(crate) fn has_password_until_next_run(&self, now: Timestamp) -> bool {
        match self.credential {
            Credential::None => false,
            Credential::Password => true,
            Credential::Initial { expires_at } => !is_due(expires_at, now),
        }
    }

    /// Returns whether the user has a password that is valid at `now`.
    pub fn has_password_at(&self, now: Timestamp) -> bool {
        match self.credential {
            Credential::None => false,
            Credential::Password => true,
            Credential::Initial { expires_at } => now < expires_at,
        }
    }
}
