//! What happened to people, in the order in which an admin wants to see it: who failed first, nothing to do last.

use domain::report::{Action, Outcome};
use serde::{Deserialize, Serialize};

use super::log_rows::LogRow;

/// What happened to a person. A deletion with a warning is in two categories.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Category {
    Failed,
    Warning,
    Held,
    Deleted,
    Updated,
    Reinvited,
    Invited,
    Registered,
    OutOfScope,
    Unchanged,
}

impl Category {
    /// Every category, the most urgent first.
    pub(crate) const ALL: [Self; 10] = [
        Self::Failed,
        Self::Warning,
        Self::Held,
        Self::Deleted,
        Self::Updated,
        Self::Reinvited,
        Self::Invited,
        Self::Registered,
        Self::OutOfScope,
        Self::Unchanged,
    ];

    /// Returns the word on the screen, which is that of the log.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::Failed => Outcome::Failure.label(),
            Self::Warning => Outcome::Warning.label(),
            Self::Held => Outcome::Held.label(),
            Self::Deleted => Action::Delete.label(),
            Self::Updated => Action::Update.label(),
            Self::Reinvited => Action::Reinvite.label(),
            Self::Invited => Action::Invite.label(),
            Self::Registered => Action::Register.label(),
            Self::OutOfScope => Action::OutOfScope.label(),
            Self::Unchanged => Action::Unchanged.label(),
        }
    }

    /// Returns whether a row of the log is of this category.
    pub(crate) fn includes(self, row: &LogRow) -> bool {
        match self {
            Self::Failed | Self::Warning | Self::Held => row.outcome == self.label(),
            _ => row.action == self.label() && row.is_done(),
        }
    }

    /// Returns the place of a row in a list: the most urgent category that it is of.
    pub(crate) fn order(row: &LogRow) -> usize {
        let mut categories = Self::ALL.into_iter();
        categories
            .position(|category| category.includes(row))
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_come_first_and_who_is_unchanged_last() {
        let row = |action: Action, outcome: Outcome| LogRow {
            action: action.label().into(),
            outcome: outcome.label().into(),
            ..LogRow::default()
        };
        let ordered = [
            row(Action::Invite, Outcome::Failure),
            row(Action::Delete, Outcome::Warning),
            row(Action::Delete, Outcome::Held),
            row(Action::Delete, Outcome::Success),
            row(Action::Update, Outcome::Success),
            row(Action::Reinvite, Outcome::Success),
            row(Action::Invite, Outcome::Success),
            row(Action::Register, Outcome::Success),
            row(Action::OutOfScope, Outcome::Success),
            row(Action::Unchanged, Outcome::Success),
        ];
        let orders: Vec<usize> = ordered.iter().map(Category::order).collect();
        assert_eq!(orders, (0..10).collect::<Vec<_>>());
        assert!(Category::Deleted.includes(&ordered[1]));
        let whole_run = LogRow {
            action: "同期".into(),
            ..row(Action::Invite, Outcome::Failure)
        };
        assert_eq!(Category::order(&whole_run), 0);
    }
}
