//! Questions about many workspaces, several at the same time.

use domain::WorkspaceId;
use futures_util::stream::{self, Stream, StreamExt};

/// The number of workspaces that are looked up at the same time.
const AT_ONCE: usize = 20;

/// Asks the same about each of these workspaces, and returns the answers as they come.
pub(crate) fn of_each<F: Future>(
    workspaces: Vec<WorkspaceId>,
    ask: impl Fn(WorkspaceId) -> F,
) -> impl Stream<Item = (WorkspaceId, F::Output)> {
    let asked = stream::iter(workspaces).map(move |workspace_id| {
        let answer = ask(workspace_id.clone());
        async move { (workspace_id, answer.await) }
    });
    asked.buffer_unordered(AT_ONCE)
}
