//! A transaction, tried again when another one was in its way.

use std::time::Duration;

use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{CancellationReason, TransactWriteItem};

use crate::error::StoreError;
use crate::store::Store;

/// How often a transaction is tried that another one was in the way of.
const TRIES: u32 = 6;

/// Which condition guards a transaction as a whole: its first item, the gate.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Guarded {
    /// It has none.
    No,
    /// The seats only.
    BySeats,
    /// The lease with this fence, and the seats.
    ByLease(u64),
}

impl Store {
    /// Writes all items or none. The gate, where there is one, is the first item.
    ///
    /// # Errors
    /// As [`Store::commit`].
    pub(crate) async fn transact(
        &self,
        items: Vec<TransactWriteItem>,
        guarded: Guarded,
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
            let reasons = match error.as_service_error() {
                Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) => {
                    cancelled.cancellation_reasons()
                }
                _ => return Err(StoreError::from_sdk("TransactWriteItems")(error)),
            };
            match verdict(reasons, guarded) {
                Some(verdict) => return Err(verdict),
                None if tried < TRIES => {
                    // Transactions on one gate stand in line; the wait need not be random, since
                    // there are only ever a few.
                    tokio::time::sleep(Duration::from_millis(25 << tried)).await;
                }
                None => return Err(StoreError::from_sdk("TransactWriteItems")(error)),
            }
        }
    }
}

/// What the reasons mean, or `None` when it is worth another try: a transaction conflict, or
/// throttling of one of the tables.
fn verdict(reasons: &[CancellationReason], guarded: Guarded) -> Option<StoreError> {
    let refused = |reason: &CancellationReason| reason.code() == Some("ConditionalCheckFailed");
    let gate = reasons.first().filter(|reason| refused(reason));
    match (guarded, gate) {
        (Guarded::BySeats, Some(_)) => Some(StoreError::SeatsFull),
        (Guarded::ByLease(fence), Some(gate)) => {
            let present = gate
                .item()
                .and_then(|item| item.get("fence")?.as_n().ok()?.parse().ok());
            Some(if present == Some(fence) {
                StoreError::SeatsFull
            } else {
                StoreError::Fenced
            })
        }
        _ => reasons
            .iter()
            .any(refused)
            .then_some(StoreError::Conflict("a user or an identifier")),
    }
}
