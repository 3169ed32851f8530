//! 即時反映, when SmartHR reports more people than are read by themselves: a full run looks at everybody.
//!
//! It is needed for more than 50 people in a batch, a whole import, or more than 1,000 people in an hour
//! ([`ChangedCrews`]). Once the reports have been quiet for a minute, or after a quarter of an hour, it begins, at most
//! once an hour. It has an entry of its own.

use domain::{ChangedCrews, Mode, RunId, Trigger, full_run_id};
use jiff::{SignedDuration, Timestamp};
use storage::StoreError;
use storage::queues::RunMessage;

use crate::run::{InvocationOutcome, RunError, Runner};

/// For how long the message of a run that was taken is sent again: the invocation may have been killed before it sent
/// it.
const SENT_AGAIN_FOR: SignedDuration = SignedDuration::from_mins(20);

impl Runner {
    /// Sends the message of a full run, or waits until one is due.
    pub(crate) async fn ask_for_full_run(
        &self,
        message: &RunMessage,
    ) -> Result<InvocationOutcome, RunError> {
        let (id, now) = (&message.workspace_id, (self.clock)());
        let changed = self.store.changed_crews(id).await?;
        if !changed.needs_full_run(now) {
            return self.postpone(message).await;
        }
        let due = changed.full_run_due(now);
        if due > now {
            let announced = self.store.note_changes_announced(id, &changed, due);
            announced.await?;
            let later = RunMessage {
                not_before: Some(due),
                ..message.clone()
            };
            return Ok(self.send_not_before(&later).await?);
        }
        let run_id = full_run_id(now);
        match self
            .store
            .take_for_full_run(id, &changed, &run_id, now)
            .await
        {
            Ok(()) => {}
            Err(StoreError::Conflict(_)) => return self.postpone(message).await,
            Err(error) => return Err(error.into()),
        }
        // Should this invocation end here, the next batch sends it.
        self.queues.send_run(&full_run(message, run_id), 0).await?;
        Ok(InvocationOutcome::Continues)
    }

    /// Sends the message of a full run that was taken and never began: the invocation that took it may have been killed
    /// before it sent the message.
    pub(crate) async fn send_lost_full_run(
        &self,
        message: &RunMessage,
        changed: &ChangedCrews,
        now: Timestamp,
    ) -> Result<(), RunError> {
        let is_recent = |at: Timestamp| now.duration_since(at) < SENT_AGAIN_FOR;
        let Some(run_id) = changed
            .full_run
            .clone()
            .filter(|_| changed.full_run_at.is_some_and(is_recent))
        else {
            return Ok(());
        };
        let id = &message.workspace_id;
        if self.store.run(id, &run_id, Mode::Apply).await?.is_none() {
            self.queues.send_run(&full_run(message, run_id), 0).await?;
        }
        Ok(())
    }
}

fn full_run(message: &RunMessage, run_id: RunId) -> RunMessage {
    RunMessage::first(
        message.workspace_id.clone(),
        run_id,
        Trigger::Immediate,
        Mode::Apply,
    )
}
