//! The deletion guard: what keeps a run from removing people by mistake.

use serde::{Deserialize, Serialize};

/// Returns whether an admin must confirm this many deletions within 24 hours: more than
/// max(5, 20 % of the linked users).
pub(crate) fn is_too_many(deletions: usize, linked_users: usize) -> bool {
    deletions > 5 && deletions * 5 > linked_users
}

/// Why a run holds deletions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HeldBecause {
    /// More people are retired at once than may go without an answer.
    #[default]
    ManyRetire,
    /// More people retired within 24 hours than may go without an answer, a few at a time.
    ManyRetireWithinADay,
    /// The record of a user cannot be read, and it is unknown what else is wrong.
    UnreadableUser,
    /// An earlier run held them, and nobody has answered yet.
    AskedBefore,
}

impl HeldBecause {
    /// Returns the reason as the screen says it, to be continued after a comma.
    pub fn label(self) -> &'static str {
        match self {
            Self::ManyRetire => "一度に多くの退職者がいるため",
            Self::ManyRetireWithinADay => "24時間以内に多くの退職者がいるため",
            Self::UnreadableUser => {
                "KiteRaのシステムで読み取れないユーザーの情報があり、退職による削除が正しいかを確認できないため"
            }
            Self::AskedBefore => "前回までの同期で確認をお願いした削除に、まだ回答がないため",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_leavers_always_go_and_a_sixth_needs_a_large_company() {
        assert!(!is_too_many(5, 5));
        assert!(is_too_many(6, 29));
        assert!(!is_too_many(6, 30));
        assert!(!is_too_many(2_000, 10_000));
        assert!(is_too_many(2_001, 10_000));
    }
}
