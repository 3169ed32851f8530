//! Which workspaces have no run of some id yet, for many at once.

use std::collections::HashSet;

use domain::{RunId, WorkspaceId};

use crate::error::StoreError;
use crate::store::{Item, Store, text};

impl Store {
    /// Those of the workspaces that have no run `run_id`, begun or ended; a hundred a request.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn without_run(
        &self,
        workspaces: &[WorkspaceId],
        run_id: &RunId,
    ) -> Result<Vec<WorkspaceId>, StoreError> {
        let key = |id: &WorkspaceId| {
            Item::from([
                ("pk".into(), text(id.as_str())),
                ("sk".into(), text(run_id.as_str())),
            ])
        };
        let keys: Vec<Item> = workspaces.iter().map(key).collect();
        let found = self.batch_get(&self.tables.runs, &keys, Some("pk")).await?;
        let begun: HashSet<&str> = found
            .iter()
            .filter_map(|item| item.get("pk")?.as_s().ok())
            .map(String::as_str)
            .collect();
        let mut without = workspaces.to_vec();
        without.retain(|id| !begun.contains(id.as_str()));
        Ok(without)
    }
}
