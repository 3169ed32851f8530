//! What a plan of a connection is made from.

use domain::{Connection, Employee, PlanInput, PlanScope, RecentDeletions, Workspace};
use jiff::Timestamp;
use storage::users::StoredUsers;

/// What was read for a plan.
#[derive(Clone, Copy)]
pub(crate) struct ReadPeople<'a> {
    /// Everybody in SmartHR whom the plan looks at.
    pub(crate) employees: &'a [Employee],
    /// Every user of the workspace.
    pub(crate) stored: &'a StoredUsers,
}

/// Returns the input of a plan with the connection's settings and its admins' answers.
///
/// `recent_deletions` are counted from where the deletions of the plan count. A run that applies its plans takes its
/// own count, which has what it deleted before it planned again; what foresees a batch takes the count that came with
/// the lease, since nothing is deleted yet.
pub(crate) fn plan_input<'a>(
    workspace: &'a Workspace,
    connection: &'a Connection,
    scope: PlanScope<'a>,
    people: ReadPeople<'a>,
    recent_deletions: RecentDeletions,
    now: Timestamp,
) -> PlanInput<'a> {
    PlanInput {
        workspace,
        settings: &connection.settings,
        tenant: &connection.company.tenant_id,
        scope,
        employees: people.employees,
        users: &people.stored.users,
        unreadable_users: &people.stored.unreadable,
        recent_deletions,
        decisions: &connection.decisions,
        account_answers: &connection.account_answers,
        asked_account_changes: &connection.asked_account_changes,
        now,
    }
}
