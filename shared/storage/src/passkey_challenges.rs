//! Challenges that passkeys answer, in the table `sessions`: one for each session.
//!
//! `key` = "passkey-challenge#" and the hash of the session's token, `challenge` as the caller wrote it, `ttl`.

use jiff::Timestamp;

use crate::error::StoreError;
use crate::store::{Item, Store, key, string, text};

fn challenge_key(token_hash: &str) -> Item {
    key([("key", &format!("passkey-challenge#{token_hash}"))])
}

impl Store {
    /// Stores the challenge that the browser of a session may answer until `ends_at`, in place of the one before.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn put_passkey_challenge(
        &self,
        token_hash: &str,
        challenge: &str,
        ends_at: Timestamp,
    ) -> Result<(), StoreError> {
        let mut item = challenge_key(token_hash);
        item.insert("challenge".into(), text(challenge));
        self.put_short_lived(item, ends_at).await
    }

    /// Deletes the challenge of a session and returns it; only the first caller gets it.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn take_passkey_challenge(
        &self,
        token_hash: &str,
    ) -> Result<Option<String>, StoreError> {
        let item = self.delete_short_lived(challenge_key(token_hash)).await?;
        Ok(item.and_then(|item| string(&item, "challenge").map(str::to_owned)))
    }
}
