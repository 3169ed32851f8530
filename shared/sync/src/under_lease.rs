//! The lease of a workspace around a run or a batch: one at a time, also when Lambda delivers a message twice.

use domain::{Connection, Workspace, is_of_reported_people};
use storage::StoreError;
use storage::queues::RunMessage;
use storage::seats_and_lease::AcquiredLease;

use crate::lease_renewal::LeaseRenewal;
use crate::run::{Invocation, InvocationOutcome, RunError, Runner};

impl Runner {
    /// Processes the run or batch of `message` under the lease. Sends the message again with a delay while another
    /// invocation has the lease, also when it lost the lease to that one.
    ///
    /// # Errors
    /// [`RunError`]; a later delivery of the message continues where this one stopped.
    pub(crate) async fn under_lease(
        &self,
        message: &RunMessage,
        workspace: &Workspace,
        connection: Option<&Connection>,
        invocation: Invocation,
    ) -> Result<InvocationOutcome, RunError> {
        let id = &message.workspace_id;
        let acquired = self
            .store
            .acquire_lease(id, &message.run_id, message.continuation, (self.clock)())
            .await?;
        let Some(acquired) = acquired else {
            return self.postpone(message).await;
        };
        let lease = &acquired.lease;
        let work = self.with_same_connection(message, workspace, connection, &acquired, invocation);
        // The future of a whole run is large, so it lives on the heap.
        match Box::pin(work).await {
            Err(RunError::Store(StoreError::Fenced)) => {
                tracing::warn!("another invocation has the lease");
                self.postpone(message).await
            }
            Err(error) => {
                // What a batch leaves, a later batch or the night does.
                if invocation.last_delivery && !is_of_reported_people(&message.run_id) {
                    self.finalize_as_failed(message, connection, lease).await;
                }
                // Otherwise the next delivery would wait until the lease expires.
                if let Err(error) = self.store.release_lease(id, lease, &[]).await {
                    tracing::warn!(%error, "the lease was not released and will expire");
                }
                Err(error)
            }
            Ok(outcome) => Ok(outcome),
        }
    }

    /// Reads the connection again: an admin who switches the sync off, disconnects or changes the company takes the lease
    /// from a run under way, and may have done so before this invocation acquired it.
    async fn with_same_connection(
        &self,
        message: &RunMessage,
        workspace: &Workspace,
        connection: Option<&Connection>,
        acquired: &AcquiredLease,
        invocation: Invocation,
    ) -> Result<InvocationOutcome, RunError> {
        let (id, lease) = (&message.workspace_id, &acquired.lease);
        let present = self.store.connection(id).await?;
        if !is_same_connection(connection, present.as_ref()) {
            tracing::info!("the connection or its settings changed while the lease was acquired");
            self.store.release_lease(id, lease, &[]).await?;
            return self.postpone(message).await;
        }
        let _renewal =
            LeaseRenewal::start(self.store.clone(), id.clone(), lease.clone(), self.clock);
        match &present {
            Some(connection) if is_of_reported_people(&message.run_id) => {
                self.batch(message, workspace, connection, acquired, invocation)
                    .await
            }
            connection => {
                let connection = connection.as_ref();
                self.run_with_lease(message, workspace, connection, acquired, invocation)
                    .await
            }
        }
    }
}

/// Returns whether the connection is still the same: nobody switched the sync off, disconnected or
/// changed the company in between.
fn is_same_connection(before: Option<&Connection>, now: Option<&Connection>) -> bool {
    match (before, now) {
        (Some(before), Some(now)) => {
            before.state == now.state
                && before.company.tenant_id == now.company.tenant_id
                && before.settings == now.settings
        }
        (before, now) => before.is_none() && now.is_none(),
    }
}
