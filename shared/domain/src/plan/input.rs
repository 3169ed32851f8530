//! What a plan is made from.

use jiff::Timestamp;

use super::account_changes::AccountAnswer;
use crate::{
    AskedAccountChange, CrewId, DeletionDecisions, Employee, RecentDeletions, Settings, TenantId,
    UnreadableUser, User, Workspace,
};

/// Whom a plan looks at, and what it leaves to the night.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PlanScope<'a> {
    /// Everybody.
    #[default]
    Everybody,
    /// Everybody, by day, because SmartHR reported many changes (即時反映). Initial passwords are issued at night, so
    /// that the システム管理者 get them in one CSV.
    EverybodyByDay,
    /// The people whom SmartHR reported as changed (即時反映), by day. What only the whole list can answer is left to
    /// the night: who takes an address or code from whom, who already has a user, who lost a value, and who is gone.
    Reported {
        /// The reported crews that SmartHR does not have.
        not_found: &'a [CrewId],
    },
}

impl PlanScope<'_> {
    /// Returns whether the plan is for an immediate run.
    pub fn is_by_day(self) -> bool {
        self != Self::Everybody
    }

    /// Returns whether the plan looks only at reported people.
    pub fn is_reported(self) -> bool {
        matches!(self, Self::Reported { .. })
    }
}

/// Everything that a plan is made from.
#[derive(Clone, Copy, Debug)]
pub struct PlanInput<'a> {
    /// The workspace to sync.
    pub workspace: &'a Workspace,
    /// The settings of the sync (ユーザー同期設定).
    pub settings: &'a Settings,
    /// The connected SmartHR company.
    pub tenant: &'a TenantId,
    /// Whom the plan looks at.
    pub scope: PlanScope<'a>,
    /// Everybody in SmartHR whom the plan looks at, in any order: a complete read, unless the scope is smaller.
    pub employees: &'a [Employee],
    /// Every user of the workspace, in any order.
    pub users: &'a [User],
    /// The users whose records cannot be read.
    pub unreadable_users: &'a [UnreadableUser],
    /// The deletions of the last 24 hours that no admin was asked about.
    pub recent_deletions: RecentDeletions,
    /// The admins' answers to held deletions.
    pub decisions: &'a DeletionDecisions,
    /// The システム管理者's answers to account changes.
    pub account_answers: &'a [AccountAnswer],
    /// The account changes that the システム管理者 were asked about.
    pub asked_account_changes: &'a [AskedAccountChange],
    /// The time for which the plan is made: it decides which invitations have expired.
    pub now: Timestamp,
}
