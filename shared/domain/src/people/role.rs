//! 役割: what users may do in their workspace.

use serde::{Deserialize, Serialize};

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

    /// Returns the word on screens.
    pub fn label(self) -> &'static str {
        match self {
            Self::SystemAdministrator => "システム管理者",
            Self::Administrator => "管理者",
            Self::Staff => "担当者",
            Self::Member => "メンバー",
        }
    }

    /// Returns whether users of this role may manage the connection and the settings of the sync.
    ///
    /// Manual: 「SmartHR連携の設定は、役割が「システム管理者」「管理者」のユーザーのみ操作可能です」.
    pub fn may_manage_connection(self) -> bool {
        matches!(self, Self::SystemAdministrator | Self::Administrator)
    }
}
