//! The state that most tests begin in: yesterday's run is complete, and today's has work to do.

use jiff::SignedDuration;
use serde_json::Value;
use storage::queues::RunMessage;
use tokio::sync::OnceCell;

use crate::clock::advance;
use crate::crews::{changed_company, initial_company};
use crate::final_state::FinalState;
use crate::test_env::TestEnv;

impl TestEnv {
    /// Sets up an environment whose first nightly run is complete and its mails delivered. Since then the company has
    /// changed as [`changed_company`] says, and a day has passed.
    pub async fn with_pending_changes(joiners: u32) -> Self {
        Self::the_day_after(500, &initial_company(), &changed_company(joiners)).await
    }

    /// Sets up an environment with this number of seats, whose first nightly run is complete for the people of
    /// `before`, and its mails delivered. A day has passed, and `after` is in SmartHR.
    pub async fn the_day_after(seats: u32, before: &[Value], after: &[Value]) -> Self {
        let env = Self::new(seats, None).await;
        env.set_crews(before).await;
        env.nightly_run().await;
        env.mark_mails_sent().await;
        env.clear_queues();
        env.set_crews(after).await;
        advance(SignedDuration::from_hours(24));
        env.proxy.restart(None);
        env
    }

    /// Returns the state after an undisturbed run of [`TestEnv::with_pending_changes`] with 30 joiners. It is computed
    /// once.
    pub async fn undisturbed() -> &'static FinalState {
        static STATE: OnceCell<FinalState> = OnceCell::const_new();
        let state = STATE.get_or_init(|| async {
            let env = Self::with_pending_changes(30).await;
            env.nightly_run().await;
            env.final_state().await
        });
        state.await
    }

    /// Removes all messages from the queues.
    pub fn clear_queues(&self) {
        while self.services.take_message().is_some() {}
    }

    /// Removes all messages from the queues; returns those that ask for a run.
    pub fn queued_runs(&self) -> Vec<RunMessage> {
        std::iter::from_fn(|| self.services.take_message())
            .filter(|(queue, _)| queue == "sync" || queue == "manual-sync")
            .map(|(_, body)| serde_json::from_str(&body).unwrap())
            .collect()
    }
}
