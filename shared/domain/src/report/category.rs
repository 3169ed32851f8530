//! What happened to people, in the order in which an admin wants to see it: who failed first, nothing to do last.

use serde::{Deserialize, Serialize};

use super::{Action, Outcome};

/// What happened to a person. A deletion with a warning is in two categories.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    /// 失敗
    Failed,
    /// 警告
    Warning,
    /// 保留
    Held,
    /// 反映待ち
    Waiting,
    /// 削除
    Deleted,
    /// 更新
    Updated,
    /// 再招待
    Reinvited,
    /// 招待
    Invited,
    /// 登録
    Registered,
    /// 対象外
    OutOfScope,
    /// 変更なし
    Unchanged,
}

impl Category {
    /// Every category, the most urgent first.
    pub const ALL: [Self; 11] = [
        Self::Failed,
        Self::Warning,
        Self::Held,
        Self::Waiting,
        Self::Deleted,
        Self::Updated,
        Self::Reinvited,
        Self::Invited,
        Self::Registered,
        Self::OutOfScope,
        Self::Unchanged,
    ];

    /// Returns the word on the screen, which is that of the log.
    pub fn label(self) -> &'static str {
        match self {
            Self::Failed => Outcome::Failure.label(),
            Self::Warning => Outcome::Warning.label(),
            Self::Held => Outcome::Held.label(),
            Self::Waiting => Outcome::Waiting.label(),
            Self::Deleted => Action::Delete.label(),
            Self::Updated => Action::Update.label(),
            Self::Reinvited => Action::Reinvite.label(),
            Self::Invited => Action::Invite.label(),
            Self::Registered => Action::Register.label(),
            Self::OutOfScope => Action::OutOfScope.label(),
            Self::Unchanged => Action::Unchanged.label(),
        }
    }

    /// Returns whether a row of the log with these words is of this category.
    pub fn includes(self, action: &str, outcome: &str) -> bool {
        match self {
            Self::Failed | Self::Warning | Self::Held | Self::Waiting => outcome == self.label(),
            _ => {
                let is_done = [Outcome::Success, Outcome::Warning]
                    .map(Outcome::label)
                    .contains(&outcome);
                is_done && action == self.label()
            }
        }
    }

    /// Returns the place of a row in a list: that of the most urgent category that it is of.
    pub fn order(action: &str, outcome: &str) -> usize {
        let mut categories = Self::ALL.into_iter();
        categories
            .position(|category| category.includes(action, outcome))
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_come_first_and_who_is_unchanged_last() {
        let ordered = [
            (Action::Invite, Outcome::Failure),
            (Action::Delete, Outcome::Warning),
            (Action::Delete, Outcome::Held),
            (Action::Invite, Outcome::Waiting),
            (Action::Delete, Outcome::Success),
            (Action::Update, Outcome::Success),
            (Action::Reinvite, Outcome::Success),
            (Action::Invite, Outcome::Success),
            (Action::Register, Outcome::Success),
            (Action::OutOfScope, Outcome::Success),
            (Action::Unchanged, Outcome::Success),
        ]
        .map(|(action, outcome)| (action.label(), outcome.label()));
        let orders = ordered.map(|(action, outcome)| Category::order(action, outcome));
        assert_eq!(orders, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
        let (action, outcome) = ordered[1];
        assert!(Category::Deleted.includes(action, outcome));
        // The row of a run that failed as a whole.
        assert_eq!(Category::order("同期", Outcome::Failure.label()), 0);
    }
}
