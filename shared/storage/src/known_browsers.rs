//! Browsers in which somebody signed in before, in the table `sessions`.
//!
//! `key` = "known-browser#" and a hash of the browser's token together with the account, `ttl`. Nothing else:
//! who has only the table learns neither the token nor whose browser it is.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::Deserialize;

use crate::error::StoreError;
use crate::store::{Item, Store, from_item, key};

const PREFIX: &str = "known-browser#";

#[derive(Deserialize)]
struct StoredBrowser {
    key: String,
    ttl: i64,
}

fn browser_key(hash: &str) -> Item {
    key([("key", &format!("{PREFIX}{hash}"))])
}

impl Store {
    /// Stores that somebody signed in to an account in a browser, until `until`.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn remember_browser(&self, hash: &str, until: Timestamp) -> Result<(), StoreError> {
        self.put_short_lived(browser_key(hash), until).await
    }

    /// Returns those of these hashes that are stored at `now`, by one request.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn known_browsers(
        &self,
        hashes: &[String],
        now: Timestamp,
    ) -> Result<BTreeSet<String>, StoreError> {
        let keys: Vec<Item> = hashes.iter().map(|hash| browser_key(hash)).collect();
        let table = &self.tables.sessions;
        let mut known = BTreeSet::new();
        for item in self.batch_get(table, &keys, None).await? {
            let StoredBrowser { key, ttl } = from_item(item, "known browser")?;
            // DynamoDB deletes within days what has expired.
            let alive = now.as_second() < ttl;
            known.extend(
                key.strip_prefix(PREFIX)
                    .filter(|_| alive)
                    .map(str::to_owned),
            );
        }
        Ok(known)
    }
}
