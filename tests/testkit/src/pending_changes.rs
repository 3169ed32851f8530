//! The state that most tests begin in: yesterday's run is complete, and today's has work to do.

use jiff::SignedDuration;
use storage::queues::RunMessage;

use crate::clock::advance;
use crate::crews::{changed_company, initial_company};
use crate::test_env::TestEnv;

impl TestEnv {
    /// Sets up an environment whose first nightly run is complete and its mails delivered. Since then the company has
    /// changed as [`changed_company`] says, and a day has passed.
    pub async fn with_pending_changes(joiners: u32) -> Self {
        let env = Self::new(500, None).await;
        env.set_crews(&initial_company()).await;
        env.nightly_run().await;
        env.deliver_mails().await;
        env.clear_queues();
        env.set_crews(&changed_company(joiners)).await;
        advance(SignedDuration::from_hours(24));
        env.proxy.restart(None);
        env
    }

    /// Removes all messages from the queues.
    pub fn clear_queues(&self) {
        while self.services.take_message().is_some() {}
    }

    /// Removes all messages from the queues; returns those that ask for a run.
    pub fn queued_runs(&self) -> Vec<RunMessage> {
        std::iter::from_fn(|| self.services.take_message())
            .filter(|(queue, _)| queue == "sync")
            .map(|(_, body)| serde_json::from_str(&body).unwrap())
            .collect()
    }
}
