//! What a plan leaves in the connection once it was applied.

use domain::{AccountAnswer, Plan, TenantId, WorkspaceId};
use storage::StoreError;

use crate::connections::Connections;

impl Connections {
    /// Drops the answers of admins that `plan`, which was applied, has used or made pointless, and those that have
    /// expired, and stores whom it left out though they have an open link. Writes nothing when another company than
    /// `tenant` is connected by now.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn record_applied_plan(
        &self,
        workspace_id: &WorkspaceId,
        tenant: &TenantId,
        plan: &Plan<'_>,
    ) -> Result<(), StoreError> {
        self.update_of_company(workspace_id, tenant, |connection| {
            let answers = &connection.account_answers;
            connection.account_answers = AccountAnswer::after(answers, plan, (self.clock)());
            connection.decisions = connection.decisions.after(plan);
            connection.left_out = connection.left_out.after(plan);
        })
        .await
    }
}
