//! Lease renewal while a run reads SmartHR, which writes nothing and may take minutes.

use std::time::Duration;

use connection::Clock;
use domain::WorkspaceId;
use storage::Store;
use storage::seats_and_lease::Lease;
use tokio::task::JoinHandle;
use tracing::Instrument;

/// The interval between renewals: a third of the lease's lifetime, so that one renewal may fail.
const EVERY: Duration = Duration::from_secs(20);

/// A task that renews the lease until this value is dropped.
pub(crate) struct LeaseRenewal(JoinHandle<()>);

impl LeaseRenewal {
    pub(crate) fn start(store: Store, id: WorkspaceId, lease: Lease, clock: Clock) -> Self {
        let renewals = async move {
            loop {
                tokio::time::sleep(EVERY).await;
                if let Err(error) = store.renew_lease(&id, &lease, clock()).await {
                    // If the lease is lost, the next write is refused.
                    tracing::warn!(%error, "the lease was not renewed");
                }
            }
        };
        Self(tokio::spawn(renewals.in_current_span()))
    }
}

impl Drop for LeaseRenewal {
    fn drop(&mut self) {
        self.0.abort();
    }
}
