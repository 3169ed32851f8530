//! What both throttles do with their records: write them on the condition that nobody else wrote them in between, and
//! name accounts by hashes.

use credentials::TokenHash;
use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use storage::{Store, StoreError};
use web::Problem;

/// The number of attempts to write a record when other sign-ins change it at the same moment, as many
/// do in a large company at nine in the morning. A guess that cannot be counted is not compared.
const MAX_ATTEMPTS: u32 = 16;

/// Writes the result of `change` on the record, which is kept until the moment that `until` returns. Reads and decides
/// again when another request changed the record in between. Returns the record as written.
///
/// # Errors
/// Those of `change`; the `refusal` for a second if others were always faster; the 503 when the table does not answer.
pub(crate) async fn change_record<R: Default + Serialize + DeserializeOwned>(
    store: &Store,
    key: &str,
    change: impl Fn(&R) -> Result<R, Problem>,
    until: impl Fn(&R) -> Timestamp,
    refusal: impl Fn(u64) -> Problem,
) -> Result<R, Problem> {
    for _ in 0..MAX_ATTEMPTS {
        let mut record = store.versioned::<R>(key).await?;
        record.value = change(&record.value)?;
        let kept_until = until(&record.value);
        match store.put_versioned(key, &record, kept_until).await {
            Ok(()) => return Ok(record.value),
            Err(StoreError::Conflict(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(refusal(1))
}

/// Returns the hash that stands for what was typed. Nothing else is stored of it: people type passwords into the wrong
/// field.
pub(crate) fn hash_of(typed: &str) -> String {
    TokenHash::of(&typed.into()).as_str().to_owned()
}
