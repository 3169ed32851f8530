//! Questions about many workspaces, several at the same time.

use domain::WorkspaceId;
use tokio::task::JoinSet;

/// The number of workspaces that are looked up at the same time.
pub(crate) const AT_ONCE: usize = 20;

/// Asks the same about each of these workspaces at the same time. Returns the answers as they come.
pub(crate) async fn of_each<T, F>(
    workspaces: &[WorkspaceId],
    ask: impl Fn(WorkspaceId) -> F,
) -> Vec<(WorkspaceId, T)>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let mut asked = JoinSet::new();
    for workspace_id in workspaces {
        let answer = ask(workspace_id.clone());
        let workspace_id = workspace_id.clone();
        asked.spawn(async move { (workspace_id, answer.await) });
    }
    asked.join_all().await
}
