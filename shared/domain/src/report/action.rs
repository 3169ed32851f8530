//! 処理: what was to be done for a person.

use serde::{Deserialize, Serialize};

use crate::{Alteration, Change, FirstLogin};

/// 処理
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(
    feature = "openapi",
    derive(utoipa::ToSchema),
    schema(as = ActionWord, description = "処理 of a person: 招待, 再招待, 登録, 更新, 削除, 変更なし, 対象外")
)]
pub enum Action {
    /// 招待
    Invite,
    /// 再招待
    Reinvite,
    /// 登録
    Register,
    /// 更新
    Update,
    /// 削除
    Delete,
    /// 変更なし
    Unchanged,
    /// 対象外
    OutOfScope,
}

impl Action {
    /// Every action, in the order of the history's menu.
    pub const ALL: [Self; 7] = [
        Self::Invite,
        Self::Reinvite,
        Self::Register,
        Self::Update,
        Self::Delete,
        Self::Unchanged,
        Self::OutOfScope,
    ];

    /// Returns the word in the log.
    pub fn label(self) -> &'static str {
        match self {
            Self::Invite => "招待",
            Self::Reinvite => "再招待",
            Self::Register => "登録",
            Self::Update => "更新",
            Self::Delete => "削除",
            Self::Unchanged => "変更なし",
            Self::OutOfScope => "対象外",
        }
    }
}

/// Returns what the log calls a change.
pub fn action_of(change: &Change<'_>) -> Action {
    match change {
        Change::Delete { .. } => Action::Delete,
        Change::Add { first_login, .. } => added(*first_login),
        Change::Alter { alteration, .. } => match alteration {
            Alteration::Reinvite => Action::Reinvite,
            Alteration::Register => Action::Register,
            Alteration::Update => Action::Update,
        },
    }
}

pub(super) fn added(first_login: FirstLogin) -> Action {
    match first_login {
        FirstLogin::Invitation => Action::Invite,
        FirstLogin::InitialPassword | FirstLogin::SingleSignOn => Action::Register,
    }
}
