//! What a plan is made from.

use jiff::Timestamp;

use super::account_changes::AccountAnswer;
use crate::{
    AskedAccountChange, DeletionDecisions, Employee, Settings, TenantId, UnreadableUser, User,
    Workspace,
};

/// Everything that a plan is made from.
#[derive(Clone, Copy, Debug)]
pub struct PlanInput<'a> {
    /// The workspace to sync.
    pub workspace: &'a Workspace,
    /// The settings of the sync (ユーザー同期設定).
    pub settings: &'a Settings,
    /// The connected SmartHR company.
    pub tenant: &'a TenantId,
    /// Everybody in SmartHR: a complete read, in any order.
    pub employees: &'a [Employee],
    /// Every user of the workspace, in any order.
    pub users: &'a [User],
    /// The users whose records cannot be read.
    pub unreadable_users: &'a [UnreadableUser],
    /// The admins' answers to held deletions.
    pub decisions: &'a DeletionDecisions,
    /// The システム管理者's answers to account changes.
    pub account_answers: &'a [AccountAnswer],
    /// The account changes that the システム管理者 were asked about.
    pub asked: &'a [AskedAccountChange],
    /// The time for which the plan is made: it decides which invitations have expired.
    pub now: Timestamp,
}
