//! 結果: how it went for a person.

use serde::{Deserialize, Serialize};

/// 結果
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(
    feature = "openapi",
    derive(utoipa::ToSchema),
    schema(as = OutcomeWord, description = "結果 of a person: 成功, 失敗, 保留, 警告, 反映待ち")
)]
pub enum Outcome {
    /// 成功
    Success,
    /// 失敗
    Failure,
    /// 保留: it waits for an admin's answer.
    Held,
    /// 警告: done, but somebody should look.
    Warning,
    /// 反映待ち: an immediate run leaves it to the night, or to the end of an hour.
    Waiting,
}

impl Outcome {
    /// Every outcome, in the order of the history's menu.
    pub const ALL: [Self; 5] = [
        Self::Success,
        Self::Failure,
        Self::Held,
        Self::Warning,
        Self::Waiting,
    ];

    /// Returns the word in the log.
    pub fn label(self) -> &'static str {
        match self {
            Self::Success => "成功",
            Self::Failure => "失敗",
            Self::Held => "保留",
            Self::Warning => "警告",
            Self::Waiting => "反映待ち",
        }
    }
}
