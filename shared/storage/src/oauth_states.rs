//! OAuth states of admins who were sent to SmartHR and have not come back, in the table `sessions`.
//!
//! `key` = "oauth-state#" and the hash of the state, the fields of [`OAuthState`], `ttl`.

use aws_sdk_dynamodb::types::Put;
use domain::{AuditEvent, UserId, WorkspaceId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::error::StoreError;
use crate::store::{Item, Store, expire_at, from_item, key, to_item};
use crate::transaction::{FirstItem, put};

/// An admin's authorization that is under way.
#[derive(Clone, Serialize, Deserialize)]
pub struct OAuthState {
    /// The workspace that is to be connected.
    pub workspace_id: WorkspaceId,
    /// The admin who connects it.
    pub user_id: UserId,
    /// The hash of the session that the callback must come with.
    pub session_hash: String,
    /// The code verifier of PKCE (RFC 7636).
    pub pkce_verifier: String,
    /// The company's subdomain; `None` if the admin did not come from SmartHR with one.
    pub subdomain: Option<String>,
    /// The time from which the state is void.
    pub expires_at: Timestamp,
}

fn state_key(state_hash: &str) -> Item {
    key([("key", &format!("oauth-state#{state_hash}"))])
}

impl Store {
    /// Stores an OAuth state under its hash until it is void, with what the audit trail says.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn put_oauth_state(
        &self,
        state_hash: &str,
        state: &OAuthState,
        event: &AuditEvent,
    ) -> Result<(), StoreError> {
        let mut item = to_item(state, "OAuth state")?;
        item.extend(state_key(state_hash));
        expire_at(&mut item, state.expires_at);
        let state_item = Put::builder()
            .table_name(&self.tables.sessions)
            .set_item(Some(item));
        let items = vec![
            put(state_item)?,
            self.audit_item(&state.workspace_id, event)?,
        ];
        self.execute(items, FirstItem::Other).await
    }

    /// Deletes an OAuth state and returns it; only the first caller gets it.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn take_oauth_state(
        &self,
        state_hash: &str,
    ) -> Result<Option<OAuthState>, StoreError> {
        let item = self.delete_short_lived(state_key(state_hash)).await?;
        item.map(|item| from_item(item, "OAuth state")).transpose()
    }
}
