//! 即時反映, when SmartHR reports more people than are read by themselves: once the reports are quiet, a run looks at everybody.
//!
//! More than 50 people in a batch, a whole import, or more than 1,000 people in an hour are a storm. Once the reports
//! have been quiet for a minute, or after a quarter of an hour, the run begins, at most once an hour. It has an entry
//! of its own.

use domain::{Mode, Trigger, whole_immediate_run_id};
use jiff::{SignedDuration, Timestamp};
use storage::StoreError;
use storage::changed_crews::ChangedCrews;
use storage::queues::RunMessage;

use crate::run::{InvocationOutcome, RunError, Runner};

/// How long after a run was taken its message may have been lost, because the invocation was killed in between.
const SENT_WITHIN: SignedDuration = SignedDuration::from_mins(20);

impl Runner {
    /// Sends the message of a run that looks at everybody, or waits until one is due.
    pub(crate) async fn look_at_everybody(
        &self,
        message: &RunMessage,
    ) -> Result<InvocationOutcome, RunError> {
        let (id, now) = (&message.workspace_id, (self.clock)());
        let changed = self.store.changed_crews(id).await?;
        if !changed.needs_everybody(now) {
            return self.postpone(message).await;
        }
        let due = changed.whole_run_due(now);
        if due > now {
            let announced = self.store.note_changes_announced(id, &changed, due);
            announced.await?;
            let later = RunMessage {
                not_before: Some(due),
                ..message.clone()
            };
            return Ok(self.send_not_before(&later).await?);
        }
        let run_id = whole_immediate_run_id(now);
        match self.store.take_everybody(id, &changed, &run_id, now).await {
            Ok(()) => {}
            Err(StoreError::Conflict(_)) => return self.postpone(message).await,
            Err(error) => return Err(error.into()),
        }
        // Should this invocation end here, the next batch sends it.
        self.queues.send_run(&whole_run(message, run_id), 0).await?;
        Ok(InvocationOutcome::Continues)
    }

    /// Sends the message of a run that was taken and never began: the invocation that took it may have been killed before it
    /// sent the message.
    pub(crate) async fn send_lost_whole_run(
        &self,
        message: &RunMessage,
        changed: &ChangedCrews,
        now: Timestamp,
    ) -> Result<(), RunError> {
        let is_recent = |at: Timestamp| now.duration_since(at) < SENT_WITHIN;
        let Some(run_id) = changed
            .whole_run
            .clone()
            .filter(|_| changed.whole_at.is_some_and(is_recent))
        else {
            return Ok(());
        };
        let id = &message.workspace_id;
        if self.store.run(id, &run_id, Mode::Apply).await?.is_none() {
            self.queues.send_run(&whole_run(message, run_id), 0).await?;
        }
        Ok(())
    }
}

fn whole_run(message: &RunMessage, run_id: domain::RunId) -> RunMessage {
    RunMessage::first(
        message.workspace_id.clone(),
        run_id,
        Trigger::Immediate,
        Mode::Apply,
    )
}
