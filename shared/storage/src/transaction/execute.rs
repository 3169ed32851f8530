//! Executes a transaction, retries it when another one conflicted with it, and reads from
//! DynamoDB's reasons why one was refused.

use std::time::Duration;

use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{CancellationReason, TransactWriteItem};
use lambda::backoff::Backoff;
use lambda::jitter::jitter;
use tokio::time::sleep;

use crate::error::StoreError;
use crate::store::Store;

/// How often a transaction is tried while others conflict with it.
const MAX_ATTEMPTS: u32 = 6;

/// How long a transaction is tried while a table throttles it: a new table takes 4,000 write units a second, a
/// workspace's part of one a thousand, and DynamoDB splits what is busy within minutes.
const THROTTLED_PATIENCE: Duration = Duration::from_secs(20);

/// The upper bound of the first wait for a table that throttles.
const FIRST_WAIT: Duration = Duration::from_millis(100);

/// The upper bound of any wait for a table that throttles.
const LONGEST_WAIT: Duration = Duration::from_secs(4);

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
        let mut backoff = Backoff::begin(FIRST_WAIT, LONGEST_WAIT, THROTTLED_PATIENCE);
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
                if is_throttled(cancelled.cancellation_reasons()) {
                    if let Some(wait) = backoff.next_wait(jitter()) {
                        tracing::warn!("a table throttles a transaction, which is tried again");
                        sleep(wait).await;
                        continue;
                    }
                } else if tried < MAX_ATTEMPTS {
                    // From a half to one and a half of it, so that those which conflicted do not meet again.
                    let wait = Duration::from_millis(25 << tried);
                    sleep(wait.mul_f64(0.5 + jitter())).await;
                    continue;
                }
            }
            return Err(StoreError::from_sdk("TransactWriteItems")(error));
        }
    }
}

/// Returns whether a table was too busy for the transaction (Amazon DynamoDB API Reference, `TransactWriteItems`).
fn is_throttled(reasons: &[CancellationReason]) -> bool {
    let throttled = ["ThrottlingError", "ProvisionedThroughputExceeded"];
    let mut codes = reasons.iter().filter_map(CancellationReason::code);
    codes.any(|code| throttled.contains(&code))
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
