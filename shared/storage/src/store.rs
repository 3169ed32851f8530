//! The database, and how its items are read and written.

use std::collections::HashMap;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::types::AttributeValue;
use aws_types::SdkConfig;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::StoreError;
use crate::retry_conflicts::RetryTransactionConflicts;
use crate::tables::Tables;

/// An item as DynamoDB shows it.
pub(crate) type Item = HashMap<String, AttributeValue>;

/// The database. Cheap to clone; build one per process.
#[derive(Clone, Debug)]
pub struct Store {
    pub(crate) db: Client,
    pub(crate) tables: Tables,
}

impl Store {
    /// A store in these tables. Throttled and failed calls, and single writes that a transaction
    /// stands in the way of, are tried up to six times with exponential backoff and jitter by the
    /// SDK.
    pub fn new(sdk: &SdkConfig, tables: Tables) -> Self {
        let config = aws_sdk_dynamodb::config::Builder::from(sdk)
            .retry_config(RetryConfig::standard().with_max_attempts(6))
            .retry_classifier(RetryTransactionConflicts)
            .interceptor(lambda::aws_requests::DYNAMO_DB)
            .build();
        Self {
            db: Client::from_conf(config),
            tables,
        }
    }

    /// One item, read consistently.
    pub(crate) async fn item<T: DeserializeOwned>(
        &self,
        table: &str,
        key: [(&str, &str); 2],
        what: &'static str,
    ) -> Result<Option<T>, StoreError> {
        let answer = self
            .db
            .get_item()
            .table_name(table)
            .key(key[0].0, text(key[0].1))
            .key(key[1].0, text(key[1].1))
            .consistent_read(true)
            .send()
            .await
            .map_err(StoreError::from_sdk("GetItem"))?;
        answer.item.map(|item| from_item(item, what)).transpose()
    }
}

/// A string attribute.
pub(crate) fn text(value: impl Into<String>) -> AttributeValue {
    AttributeValue::S(value.into())
}

/// A number attribute.
#[expect(clippy::needless_pass_by_value, reason = "numbers are copied")]
pub(crate) fn number(value: impl ToString) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

/// A value from an item; attributes it does not know are left out.
pub(crate) fn from_item<T: DeserializeOwned>(
    item: Item,
    what: &'static str,
) -> Result<T, StoreError> {
    serde_dynamo::from_item(item).map_err(StoreError::corrupt(what))
}

/// An item from a value.
pub(crate) fn to_item<T: Serialize>(value: &T, what: &'static str) -> Result<Item, StoreError> {
    serde_dynamo::to_item(value).map_err(StoreError::corrupt(what))
}
