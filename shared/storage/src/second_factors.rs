//! The second factors of users, in the table `users`: one partition for each user, read by one query.
//!
//! `workspace_id` = "second-factors#", workspace and user; `user_id` = what it is:
//!
//! | `user_id` | attributes |
//! |---|---|
//! | `totp` | the fields of [`Totp`] |
//! | `recovery` | `hashes`, those of the recovery codes that were not used |
//! | `passkey#` and its id | the fields of [`Passkey`] |
//!
//! The id of a user is never used again, so what a killed function leaves of a deleted user does no harm.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::builders::{DeleteBuilder, PutBuilder, UpdateBuilder};
use aws_sdk_dynamodb::types::{AttributeValue, Delete, Put, TransactWriteItem, Update};
use domain::{KeyId, Passkey, Redacted, UserId, WorkspaceId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::error::StoreError;
use crate::store::{Item, Store, from_item, key, number, query_items, string, text, to_item};
use crate::transaction::{delete, put, update};

const TOTP: &str = "totp";
const RECOVERY: &str = "recovery";
/// What the sort keys of passkeys begin with.
const PASSKEY: &str = "passkey#";

/// An authenticator app, as stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totp {
    /// The id of the derivation key, which is kept elsewhere.
    pub key_id: KeyId,
    /// The random seed that the secret of the app is derived from, together with that key.
    pub seed: Redacted,
    /// The time step of the last code that was accepted: a code is accepted once.
    pub last_step: u64,
    /// The time at which the app was added.
    pub added_at: Timestamp,
}

/// The second factors of one user.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SecondFactors {
    /// The authenticator app; `None` if there is none.
    pub totp: Option<Totp>,
    /// The number of recovery codes that were not used.
    pub recovery_codes_left: usize,
    /// The passkeys, the oldest first.
    pub passkeys: Vec<Passkey>,
}

impl SecondFactors {
    /// Returns whether the user has a second factor. Recovery codes alone are none.
    pub fn any(&self) -> bool {
        self.totp.is_some() || !self.passkeys.is_empty()
    }

    /// Returns the changes that remove everything.
    pub fn removal(&self) -> Vec<SecondFactorChange> {
        let passkeys = self.passkeys.iter();
        let passkeys = passkeys.map(|it| SecondFactorChange::RemovePasskey(it.id.clone()));
        [
            SecondFactorChange::RemoveTotp,
            SecondFactorChange::RemoveRecoveryCodes,
        ]
        .into_iter()
        .chain(passkeys)
        .collect()
    }
}

/// One change of a user's second factors, in a transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecondFactorChange {
    /// Adds an authenticator app in place of the one before.
    PutTotp(Totp),
    /// Notes the time step of a code that is accepted, unless it or a later one was.
    AcceptTotpStep(u64),
    /// Removes the authenticator app.
    RemoveTotp,
    /// Stores the hashes of new recovery codes in place of all former ones.
    PutRecoveryCodes(BTreeSet<String>),
    /// Uses the recovery code with this hash up, unless it was used.
    UseRecoveryCode(String),
    /// Removes all recovery codes.
    RemoveRecoveryCodes,
    /// Adds a passkey.
    PutPasskey(Passkey),
    /// Notes that a passkey was used, unless it was used or removed since its state was read.
    UsePasskey {
        /// The passkey as it is to be.
        used: Passkey,
        /// Its `authenticator_state` as read.
        state_before: String,
    },
    /// Gives a passkey another name.
    RenamePasskey {
        /// The id of the passkey.
        id: String,
        /// Its new name.
        name: String,
    },
    /// Removes the passkey with this id.
    RemovePasskey(String),
}

fn partition(workspace_id: &WorkspaceId, user_id: &UserId) -> String {
    format!("second-factors#{workspace_id}#{user_id}")
}

fn factor_key(partition: &str, which: &str) -> Item {
    key([("workspace_id", partition), ("user_id", which)])
}

fn passkey_key(id: &str) -> String {
    format!("{PASSKEY}{id}")
}

#[derive(Deserialize)]
struct StoredCodes {
    #[serde(default)]
    hashes: BTreeSet<String>,
}

impl Store {
    /// Returns the second factors of a user, read consistently.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn second_factors(
        &self,
        workspace_id: &WorkspaceId,
        user_id: &UserId,
    ) -> Result<SecondFactors, StoreError> {
        let mut factors = SecondFactors::default();
        for item in self.items_of_factors(workspace_id, user_id).await? {
            match string(&item, "user_id").unwrap_or_default() {
                TOTP => factors.totp = Some(from_item(item, "authenticator app")?),
                RECOVERY => {
                    let StoredCodes { hashes } = from_item(item, "recovery codes")?;
                    factors.recovery_codes_left = hashes.len();
                }
                which if which.starts_with(PASSKEY) => {
                    factors.passkeys.push(from_item(item, "passkey")?);
                }
                _ => {}
            }
        }
        factors.passkeys.sort_by_key(|it| it.added_at);
        Ok(factors)
    }

    async fn items_of_factors(
        &self,
        workspace_id: &WorkspaceId,
        user_id: &UserId,
    ) -> Result<Vec<Item>, StoreError> {
        let query = self
            .db
            .query()
            .table_name(&self.tables.users)
            .consistent_read(true)
            .key_condition_expression("workspace_id = :factors")
            .expression_attribute_values(":factors", text(partition(workspace_id, user_id)));
        query_items(query).await
    }

    /// Deletes the second factors of a user who is deleted. Returns how many items there were.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn delete_second_factors(
        &self,
        workspace_id: &WorkspaceId,
        user_id: &UserId,
    ) -> Result<usize, StoreError> {
        let partition = partition(workspace_id, user_id);
        let items = self.items_of_factors(workspace_id, user_id).await?;
        for item in &items {
            let which = string(item, "user_id").unwrap_or_default();
            let deleted = self
                .db
                .delete_item()
                .table_name(&self.tables.users)
                .set_key(Some(factor_key(&partition, which)))
                .send();
            deleted.await.map_err(StoreError::from_sdk("DeleteItem"))?;
        }
        Ok(items.len())
    }

    /// Returns the number of items with second factors of a user.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub(crate) async fn count_second_factors(
        &self,
        workspace_id: &WorkspaceId,
        user_id: &UserId,
    ) -> Result<usize, StoreError> {
        Ok(self.items_of_factors(workspace_id, user_id).await?.len())
    }

    pub(crate) fn second_factor_item(
        &self,
        workspace_id: &WorkspaceId,
        user_id: &UserId,
        change: &SecondFactorChange,
    ) -> Result<TransactWriteItem, StoreError> {
        let partition = partition(workspace_id, user_id);
        let key = |which: &str| factor_key(&partition, which);
        match change {
            SecondFactorChange::PutTotp(totp) => {
                let mut item = to_item(totp, "authenticator app")?;
                item.extend(key(TOTP));
                put(self.put_of_factor(item))
            }
            SecondFactorChange::AcceptTotpStep(step) => update(
                self.update_of_factor(key(TOTP))
                    .update_expression("SET last_step = :step")
                    .condition_expression("last_step < :step")
                    .expression_attribute_values(":step", number(step)),
            ),
            SecondFactorChange::RemoveTotp => delete(self.delete_of_factor(key(TOTP))),
            SecondFactorChange::PutRecoveryCodes(hashes) => {
                let mut item = key(RECOVERY);
                let hashes = AttributeValue::Ss(hashes.iter().cloned().collect());
                item.insert("hashes".into(), hashes);
                put(self.put_of_factor(item))
            }
            SecondFactorChange::UseRecoveryCode(hash) => update(
                self.update_of_factor(key(RECOVERY))
                    .update_expression("DELETE hashes :used")
                    .condition_expression("contains(hashes, :hash)")
                    .expression_attribute_values(":used", AttributeValue::Ss(vec![hash.clone()]))
                    .expression_attribute_values(":hash", text(hash)),
            ),
            SecondFactorChange::RemoveRecoveryCodes => delete(self.delete_of_factor(key(RECOVERY))),
            SecondFactorChange::PutPasskey(passkey) => {
                let mut item = to_item(passkey, "passkey")?;
                item.extend(key(&passkey_key(&passkey.id)));
                put(self.put_of_factor(item))
            }
            SecondFactorChange::UsePasskey { used, state_before } => update(
                self.update_of_factor(key(&passkey_key(&used.id)))
                    .update_expression("SET authenticator_state = :state, last_used_at = :at")
                    .condition_expression("authenticator_state = :before")
                    .expression_attribute_values(":state", text(&used.authenticator_state))
                    .expression_attribute_values(":at", text(used.last_used_at.to_string()))
                    .expression_attribute_values(":before", text(state_before)),
            ),
            SecondFactorChange::RenamePasskey { id, name } => update(
                self.update_of_factor(key(&passkey_key(id)))
                    .update_expression("SET #name = :name")
                    .condition_expression("attribute_exists(id)")
                    .expression_attribute_names("#name", "name")
                    .expression_attribute_values(":name", text(name)),
            ),
            SecondFactorChange::RemovePasskey(id) => {
                delete(self.delete_of_factor(key(&passkey_key(id))))
            }
        }
    }

    fn put_of_factor(&self, item: Item) -> PutBuilder {
        Put::builder()
            .table_name(&self.tables.users)
            .set_item(Some(item))
    }

    fn update_of_factor(&self, key: Item) -> UpdateBuilder {
        Update::builder()
            .table_name(&self.tables.users)
            .set_key(Some(key))
    }

    fn delete_of_factor(&self, key: Item) -> DeleteBuilder {
        Delete::builder()
            .table_name(&self.tables.users)
            .set_key(Some(key))
    }
}
