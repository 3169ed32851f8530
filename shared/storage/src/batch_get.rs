//! Many items of a table at once.

use std::time::Duration;

use aws_sdk_dynamodb::types::KeysAndAttributes;

use crate::commit::invalid_request;
use crate::error::StoreError;
use crate::store::{Item, Store};

/// DynamoDB reads this many items in one request.
const BATCH: usize = 100;
/// How long it is left alone after it left something out for the first time.
const FIRST_WAIT: Duration = Duration::from_millis(50);
/// After the sixth time, and each one that follows.
const LONGEST_WAIT: Duration = Duration::from_secs(2);

impl Store {
    /// The items of `table` that have these keys, as they are now, in no order; a hundred a request. Of each
    /// the `attributes` only, if some are named.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub(crate) async fn batch_get(
        &self,
        table: &str,
        keys: &[Item],
        attributes: Option<&str>,
    ) -> Result<Vec<Item>, StoreError> {
        let mut items = Vec::new();
        for batch in keys.chunks(BATCH) {
            let mut keys = batch.to_vec();
            let mut wait = FIRST_WAIT;
            while !keys.is_empty() {
                let wanted = KeysAndAttributes::builder()
                    .set_keys(Some(keys))
                    .consistent_read(true)
                    .set_projection_expression(attributes.map(str::to_owned))
                    .build()
                    .map_err(invalid_request)?;
                let answer = self
                    .db
                    .batch_get_item()
                    .request_items(table, wanted)
                    .send()
                    .await
                    .map_err(StoreError::from_sdk("BatchGetItem"))?;
                let found = answer.responses.unwrap_or_default();
                items.extend(found.into_values().flatten());
                let left = answer.unprocessed_keys.unwrap_or_default();
                keys = left.into_values().flat_map(|left| left.keys).collect();
                // What DynamoDB leaves out, being busy, is asked for again, later each time.
                if !keys.is_empty() {
                    tokio::time::sleep(wait).await;
                    wait = LONGEST_WAIT.min(wait * 2);
                }
            }
        }
        Ok(items)
    }
}
