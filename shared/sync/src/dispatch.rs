//! 02:00: sends one message per workspace, so that a broken workspace neither delays nor fails another.

use domain::{Mode, Trigger, run_id};
use futures_util::stream::{self, StreamExt};
use jiff::Timestamp;
use storage::Store;
use storage::StoreError;
use storage::queues::{BATCH, Queues, RunMessage};

/// The maximum number of concurrent requests.
const AT_ONCE: usize = 16;

/// Sends a message for tonight's run of every enabled workspace, and returns the messages.
///
/// # Errors
/// [`StoreError`] when a message could not be sent; the others were sent. The dispatch may be repeated: the runs have
/// the same ids.
pub async fn dispatch(
    store: &Store,
    queues: &Queues,
    scheduled_at: Timestamp,
) -> Result<Vec<RunMessage>, StoreError> {
    let run_id = run_id(scheduled_at, Trigger::Schedule);
    let messages: Vec<RunMessage> = store
        .workspaces_for_tonight()
        .await?
        .into_iter()
        .map(|workspace_id| {
            RunMessage::first(workspace_id, run_id.clone(), Trigger::Schedule, Mode::Apply)
        })
        .collect();
    let batches: Vec<Vec<RunMessage>> = messages.chunks(BATCH).map(<[_]>::to_vec).collect();
    let sent: Vec<Result<(), StoreError>> = stream::iter(batches)
        .map(|batch| async move { queues.send_runs(&batch).await })
        .buffer_unordered(AT_ONCE)
        .collect()
        .await;
    sent.into_iter().collect::<Result<(), _>>()?;
    Ok(messages)
}
