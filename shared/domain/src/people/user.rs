//! A KiteRa user, as far as the sync and the console look at them.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{CrewId, EmailAddress, EmployeeCode, GroupId, LoginMethod, TenantId, UserId};

/// 役割: what a user may do in the workspace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(
    feature = "openapi",
    derive(utoipa::ToSchema),
    schema(as = RoleWord, description = "役割: システム管理者, 管理者, 担当者, メンバー")
)]
pub enum Role {
    /// システム管理者: everything.
    SystemAdministrator,
    /// 管理者: all but security settings.
    Administrator,
    /// 担当者
    Staff,
    /// メンバー: what everybody starts as.
    Member,
}

impl Role {
    /// Every role, the most powerful first.
    pub const ALL: [Self; 4] = [
        Self::SystemAdministrator,
        Self::Administrator,
        Self::Staff,
        Self::Member,
    ];

    /// The word on screens.
    pub fn label(self) -> &'static str {
        match self {
            Self::SystemAdministrator => "システム管理者",
            Self::Administrator => "管理者",
            Self::Staff => "担当者",
            Self::Member => "メンバー",
        }
    }

    /// Manual: 「SmartHR連携の設定は、役割が「システム管理者」「管理者」のユーザーのみ操作可能です」.
    pub fn may_manage_integration(self) -> bool {
        matches!(self, Self::SystemAdministrator | Self::Administrator)
    }
}

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

/// The person in SmartHR that a user stands for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CrewLink {
    /// The SmartHR company; a crew id of another company means nothing.
    pub tenant_id: TenantId,
    /// The crew.
    pub crew_id: CrewId,
}

/// What SmartHR and the settings decide about a user, and an invitation says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncedFields {
    /// 氏名
    pub name: String,
    /// メールアドレス
    pub email: Option<EmailAddress>,
    /// 従業員コード
    pub code: Option<EmployeeCode>,
    /// 認証方法
    pub login_method: LoginMethod,
    /// デフォルトグループ
    pub default_group: GroupId,
}

/// An invitation that was not accepted yet. Its secret is not in here: only a hash of it is
/// stored, and the sync never reads that.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// What it said: when that differs from today's data, the person is invited anew.
    #[serde(rename = "said")]
    pub fields_at_invitation: SyncedFields,
    /// 72 hours after it was made.
    pub expires_at: Timestamp,
    /// Counts the invitations of this user; part of what the secret is derived from.
    pub serial: u32,
    /// What SES told of its mail, if that did not arrive or was reported as spam, in a sentence of the
    /// screen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bounced: Option<String>,
}

/// What a user can sign in with by password, without the hash itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Credential {
    /// Nothing yet: an invitation is open, or SSO.
    None,
    /// A password of the user's own.
    Password,
    /// The initial password of the CSV, to be replaced at the first sign-in.
    Initial {
        /// 30 days after it was made.
        expires_at: Timestamp,
    },
}

/// A KiteRa user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// Never reused.
    pub user_id: UserId,
    /// 氏名
    pub name: String,
    /// Unique within the workspace, case-insensitively.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<EmailAddress>,
    /// Unique within the workspace.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<EmployeeCode>,
    /// Set in KiteRa; the sync never changes it.
    pub role: Role,
    /// 認証方法
    pub login_method: LoginMethod,
    /// Set in KiteRa, except that the default group is given every night.
    pub groups: Arc<BTreeSet<GroupId>>,
    /// 招待中 or 有効
    pub status: Status,
    /// `None` for a person added by hand.
    #[serde(default, rename = "link", skip_serializing_if = "Option::is_none")]
    pub crew_link: Option<CrewLink>,
    /// The default group that the sync gave: taken back when the setting names another one, so
    /// that a move from 編集権限グループ to 閲覧権限グループ really takes rights away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub synced_group: Option<GroupId>,
    /// The open invitation, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invitation: Option<Invitation>,
    /// What the user signs in with.
    pub credential: Credential,
    /// Counts the invitations and initial passwords made for this user so far.
    #[serde(default)]
    pub serial: u32,
    /// Grows with every write; a write names the version it was decided on.
    pub version: u64,
}

impl User {
    /// Somebody new: a メンバー of no group who will sign in by パスワード, 招待中 without an invitation, so with
    /// no way in yet. Not stored yet.
    pub fn new(user_id: UserId, name: impl Into<String>) -> Self {
        Self {
            user_id,
            name: name.into(),
            email: None,
            code: None,
            role: Role::Member,
            login_method: LoginMethod::Password,
            groups: Arc::default(),
            status: Status::Invited,
            crew_link: None,
            synced_group: None,
            invitation: None,
            credential: Credential::None,
            serial: 0,
            version: 0,
        }
    }

    /// The user's own data as SmartHR and the settings would give them, with this default group.
    pub fn synced_fields(&self, default_group: GroupId) -> SyncedFields {
        SyncedFields {
            name: self.name.clone(),
            email: self.email.clone(),
            code: self.code.clone(),
            login_method: self.login_method,
            default_group,
        }
    }

    /// The crew this user is linked to within `tenant`, if any.
    pub fn crew_in(&self, tenant: &TenantId) -> Option<&CrewId> {
        self.crew_link
            .as_ref()
            .filter(|link| link.tenant_id == *tenant)
            .map(|link| &link.crew_id)
    }

    /// Whether the user has some way to sign in by password at `now`.
    pub fn has_password_at(&self, now: Timestamp) -> bool {
        match self.credential {
            Credential::None => false,
            Credential::Password => true,
            Credential::Initial { expires_at } => now < expires_at,
        }
    }
}
