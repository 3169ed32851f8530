//! 02:00: sends one message per workspace, so that a broken workspace neither delays nor fails another.

use domain::{Mode, Trigger, run_id};
use jiff::Timestamp;
use storage::Store;
use storage::StoreError;
use storage::queues::{BATCH, Queues, RunMessage};
use tokio::task::JoinSet;

/// The maximum number of concurrent requests.
const AT_ONCE: usize = 16;

/// The reason why not every workspace was dispatched. The dispatch may be repeated: the runs have the
/// same ids.
#[derive(Debug, thiserror::Error)]
pub enum DispatchError {
    /// Reading the list of workspaces, or sending a batch of messages, failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A task that sent messages panicked.
    #[error("a task of the dispatch was interrupted")]
    Interrupted,
}

/// Sends a message for tonight's run of every enabled workspace, and returns the messages.
///
/// # Errors
/// [`DispatchError`] when a message could not be sent; the others were sent.
pub async fn dispatch(
    store: &Store,
    queues: &Queues,
    scheduled_at: Timestamp,
) -> Result<Vec<RunMessage>, DispatchError> {
    let run_id = run_id(scheduled_at, Trigger::Schedule);
    let messages: Vec<RunMessage> = store
        .workspaces_for_tonight()
        .await?
        .into_iter()
        .map(|workspace_id| {
            RunMessage::first(workspace_id, run_id.clone(), Trigger::Schedule, Mode::Apply)
        })
        .collect();
    let mut under_way = JoinSet::new();
    let mut result = Ok(());
    for batch in messages.chunks(BATCH) {
        if under_way.len() >= AT_ONCE
            && let Some(sent) = under_way.join_next().await
        {
            result = result.and(sent_batch(sent));
        }
        let (queues, batch) = (queues.clone(), batch.to_vec());
        under_way.spawn(async move { queues.send_runs(&batch).await });
    }
    while let Some(sent) = under_way.join_next().await {
        result = result.and(sent_batch(sent));
    }
    result.map(|()| messages)
}

fn sent_batch(
    sent: Result<Result<(), StoreError>, tokio::task::JoinError>,
) -> Result<(), DispatchError> {
    sent.map_err(|_| DispatchError::Interrupted)?
        .map_err(DispatchError::Store)
}
