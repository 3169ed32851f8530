//! The database client, and how items are read.

mod batch_get;
mod item;
mod retry_conflicts;
mod unprocessed;

use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::types::Put;
use aws_types::SdkConfig;
use serde::de::DeserializeOwned;

use crate::error::{StoreError, if_condition_held};
use crate::tables::Tables;

pub(crate) use item::{
    Item, expire_at, from_item, key, number, read, readable, string, text, to_item,
    unreadable_attribute,
};
use retry_conflicts::RetryTransactionConflicts;
pub(crate) use unprocessed::UnprocessedWaits;

/// The longest that an attempt may take. DynamoDB answers a transaction of 100 items or a page of 1 MB within half a
/// second.
const ATTEMPT: Duration = Duration::from_secs(5);

/// The database. Cheap to clone; a process builds one.
#[derive(Clone, Debug)]
pub struct Store {
    pub(crate) db: Client,
    pub(crate) tables: Tables,
}

impl Store {
    /// Creates a store of these tables. The SDK tries a call up to six times, with exponential
    /// backoff and jitter, when it was throttled or failed, and a single write also when it
    /// conflicted with a transaction.
    pub fn new(sdk: &SdkConfig, tables: Tables) -> Self {
        let config = aws_sdk_dynamodb::config::Builder::from(sdk)
            .retry_config(RetryConfig::standard().with_max_attempts(6))
            .retry_classifier(RetryTransactionConflicts)
            .interceptor(lambda::aws_requests::DYNAMO_DB)
            .timeout_config(lambda::sdk::timeouts(ATTEMPT))
            .build();
        Self {
            db: Client::from_conf(config),
            tables,
        }
    }

    /// Reads one item, consistently.
    pub(crate) async fn get(&self, table: &str, key: Item) -> Result<Option<Item>, StoreError> {
        let answer = self
            .db
            .get_item()
            .table_name(table)
            .set_key(Some(key))
            .consistent_read(true)
            .send()
            .await
            .map_err(StoreError::from_sdk("GetItem"))?;
        Ok(answer.item)
    }

    /// Reads one record, consistently. `what` names its kind in errors.
    pub(crate) async fn record<T: DeserializeOwned>(
        &self,
        table: &str,
        key: Item,
        what: &'static str,
    ) -> Result<Option<T>, StoreError> {
        let item = self.get(table, key).await?;
        item.map(|item| read(&item, what)).transpose()
    }
}

impl Store {
    /// Writes one item by itself, in place of an earlier one with its key.
    pub(crate) async fn put(&self, table: &str, item: Item) -> Result<(), StoreError> {
        self.db
            .put_item()
            .table_name(table)
            .set_item(Some(item))
            .send()
            .await
            .map_err(StoreError::from_sdk("PutItem"))?;
        Ok(())
    }

    /// Writes one item by itself. Returns whether its condition held; otherwise nothing was written.
    pub(crate) async fn put_if(&self, put: Put) -> Result<bool, StoreError> {
        let answer = self
            .db
            .put_item()
            .table_name(put.table_name())
            .set_item(Some(put.item))
            .set_condition_expression(put.condition_expression)
            .set_expression_attribute_values(put.expression_attribute_values)
            .send()
            .await;
        Ok(if_condition_held("PutItem", answer)?.is_some())
    }
}

/// Reads every item that a query finds, in its order, page after page.
pub(crate) async fn query_items(query: QueryFluentBuilder) -> Result<Vec<Item>, StoreError> {
    let mut items = query.into_paginator().items().send();
    let mut read = Vec::new();
    while let Some(item) = items.next().await {
        read.push(item.map_err(StoreError::from_sdk("Query"))?);
    }
    Ok(read)
}

/// Reads every record that a query finds, in its order, page after page.
pub(crate) async fn query_all<T: DeserializeOwned>(
    query: QueryFluentBuilder,
    what: &'static str,
) -> Result<Vec<T>, StoreError> {
    let items = query_items(query).await?;
    items
        .into_iter()
        .map(|item| from_item(item, what))
        .collect()
}
