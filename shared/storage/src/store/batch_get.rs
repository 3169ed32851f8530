//! Reads many items of a table at once.

use aws_sdk_dynamodb::types::KeysAndAttributes;

use crate::error::StoreError;
use crate::store::{Item, Store, UnprocessedWaits};

/// The most items that DynamoDB reads in one request.
const BATCH: usize = 100;

impl Store {
    /// Reads the items of `table` that have these keys, consistently and in no order, a hundred a
    /// request. `attributes` is a projection expression; `None` reads all attributes.
    pub(crate) async fn batch_get(
        &self,
        table: &str,
        keys: &[Item],
        attributes: Option<&str>,
    ) -> Result<Vec<Item>, StoreError> {
        let mut items = Vec::new();
        for batch in keys.chunks(BATCH) {
            let mut keys = batch.to_vec();
            let mut waits = UnprocessedWaits::begin("BatchGetItem");
            while !keys.is_empty() {
                let request = KeysAndAttributes::builder()
                    .set_keys(Some(keys))
                    .consistent_read(true)
                    .set_projection_expression(attributes.map(str::to_owned))
                    .build()
                    .map_err(StoreError::invalid_request)?;
                let answer = self
                    .db
                    .batch_get_item()
                    .request_items(table, request)
                    .send()
                    .await
                    .map_err(StoreError::from_sdk("BatchGetItem"))?;
                let found = answer.responses.unwrap_or_default();
                items.extend(found.into_values().flatten());
                let left = answer.unprocessed_keys.unwrap_or_default();
                keys = left.into_values().flat_map(|left| left.keys).collect();
                if !keys.is_empty() {
                    waits.wait().await?;
                }
            }
        }
        Ok(items)
    }
}
