//! Writes as items of a transaction.

use aws_sdk_dynamodb::types::TransactWriteItem;
use aws_sdk_dynamodb::types::builders::{DeleteBuilder, PutBuilder, UpdateBuilder};

use crate::error::StoreError;

pub(crate) fn put(put: PutBuilder) -> Result<TransactWriteItem, StoreError> {
    let put = put.build().map_err(StoreError::invalid_request)?;
    Ok(TransactWriteItem::builder().put(put).build())
}

pub(crate) fn update(update: UpdateBuilder) -> Result<TransactWriteItem, StoreError> {
    let update = update.build().map_err(StoreError::invalid_request)?;
    Ok(TransactWriteItem::builder().update(update).build())
}

pub(crate) fn delete(delete: DeleteBuilder) -> Result<TransactWriteItem, StoreError> {
    let delete = delete.build().map_err(StoreError::invalid_request)?;
    Ok(TransactWriteItem::builder().delete(delete).build())
}
