//! Executes a transaction, retries it when another one conflicted with it, and reads from
//! DynamoDB's reasons why one was refused.

use std::time::Duration;

use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{CancellationReason, TransactWriteItem};

use crate::error::StoreError;
use crate::store::Store;

/// How often a transaction is tried while others conflict with it.
const TRIES: u32 = 6;

/// What the condition of a transaction's first item guards.
#[derive(Clone, Copy, Debug)]
pub(crate) enum FirstItem {
    /// A user or an identifier, like those of all other items.
    Other,
    /// The number of seats that the plan allows.
    Seats,
    /// The number of seats that the plan allows, and the lease with this fence.
    SeatsAndLease(u64),
}

impl Store {
    /// Writes all items or none.
    ///
    /// # Errors
    /// As [`Store::commit`].
    pub(crate) async fn execute(
        &self,
        items: Vec<TransactWriteItem>,
        first: FirstItem,
    ) -> Result<(), StoreError> {
        if items.is_empty() {
            return Ok(());
        }
        let mut tried = 0;
        loop {
            tried += 1;
            let answer = self
                .db
                .transact_write_items()
                .set_transact_items(Some(items.clone()))
                .send()
                .await;
            let Err(error) = answer else {
                return Ok(());
            };
            if let Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) =
                error.as_service_error()
            {
                if let Some(refused) = refusal(cancelled.cancellation_reasons(), first) {
                    return Err(refused);
                }
                if tried < TRIES {
                    // Only a few transactions change one workspace at a time, so jitter is not
                    // needed.
                    tokio::time::sleep(Duration::from_millis(25 << tried)).await;
                    continue;
                }
            }
            return Err(StoreError::from_sdk("TransactWriteItems")(error));
        }
    }
}

/// Returns what a failed condition means; `None` if a retry may help, because another transaction
/// was working on one of the items, or a table was throttled.
fn refusal(reasons: &[CancellationReason], first: FirstItem) -> Option<StoreError> {
    let failed = |reason: &CancellationReason| reason.code() == Some("ConditionalCheckFailed");
    match (first, reasons.first().filter(|reason| failed(reason))) {
        (FirstItem::Seats, Some(_)) => Some(StoreError::SeatsFull),
        (FirstItem::SeatsAndLease(fence), Some(reason)) => {
            let stored = reason
                .item()
                .and_then(|item| item.get("fence")?.as_n().ok()?.parse().ok());
            Some(if stored == Some(fence) {
                StoreError::SeatsFull
            } else {
                StoreError::Fenced
            })
        }
        _ => reasons
            .iter()
            .any(failed)
            .then_some(StoreError::Conflict("a user or an identifier")),
    }
}
