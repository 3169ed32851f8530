//! Which workspaces have no run of some id yet, for many at once.

use std::collections::HashSet;
use std::time::Duration;

use aws_sdk_dynamodb::types::KeysAndAttributes;
use directory::{RunId, WorkspaceId};

use crate::commit::unbuildable;
use crate::error::StoreError;
use crate::store::{Item, Store, text};

/// DynamoDB reads this many items in one request.
const BATCH: usize = 100;
/// How long it is left alone after it left something out for the first time.
const FIRST_WAIT: Duration = Duration::from_millis(50);
/// After the sixth time, and each one that follows.
const LONGEST_WAIT: Duration = Duration::from_secs(2);

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
        let mut begun = HashSet::new();
        for batch in workspaces.chunks(BATCH) {
            let key = |id: &WorkspaceId| {
                Item::from([
                    ("pk".into(), text(id.as_str())),
                    ("sk".into(), text(run_id.as_str())),
                ])
            };
            let mut keys: Vec<Item> = batch.iter().map(key).collect();
            let mut wait = FIRST_WAIT;
            while !keys.is_empty() {
                let wanted = KeysAndAttributes::builder()
                    .set_keys(Some(keys))
                    .projection_expression("pk")
                    .build()
                    .map_err(unbuildable)?;
                let answer = self
                    .db
                    .batch_get_item()
                    .request_items(&self.tables.runs, wanted)
                    .send()
                    .await
                    .map_err(StoreError::from_sdk("BatchGetItem"))?;
                let found = answer.responses.unwrap_or_default();
                for item in found.into_values().flatten() {
                    begun.extend(item.get("pk").and_then(|pk| pk.as_s().ok()).cloned());
                }
                let left = answer.unprocessed_keys.unwrap_or_default();
                keys = left.into_values().flat_map(|left| left.keys).collect();
                // What DynamoDB leaves out, being busy, is asked for again, later each time.
                if !keys.is_empty() {
                    tokio::time::sleep(wait).await;
                    wait = LONGEST_WAIT.min(wait * 2);
                }
            }
        }
        let mut without = workspaces.to_vec();
        without.retain(|id| !begun.contains(id.as_str()));
        Ok(without)
    }
}
