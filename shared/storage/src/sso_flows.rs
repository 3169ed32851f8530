//! Sign-ins that went to an identity provider and have not come back, in the table `sessions`.
//!
//! `key` = "sso-flow#" and the hash of the state, the fields of [`SsoFlow`], `ttl`.

use domain::{UserId, WorkspaceId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::error::StoreError;
use crate::store::{Item, Store, from_item, key, to_item};

/// A sign-in that is under way at an identity provider.
#[derive(Clone, Serialize, Deserialize)]
pub struct SsoFlow {
    /// The workspace to sign in to.
    pub workspace_id: WorkspaceId,
    /// The hash of the cookie that the callback must come with.
    pub browser_hash: String,
    /// The hash of the configuration with which the sign-in began.
    pub configuration: String,
    /// What the answer must carry: the nonce of an ID token, or the id of a SAML request.
    pub nonce: String,
    /// The code verifier of PKCE (RFC 7636).
    pub pkce_verifier: String,
    /// The connection test that this sign-in is; `None` if somebody wants to come in.
    pub test: Option<SsoTest>,
    /// The confirmation that this sign-in is; `None` if it is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmation: Option<SsoConfirmation>,
    /// What a SAML provider answered, as single-sign-on wrote it: kept until the browser shows its cookie.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub saml_answer: Option<String>,
    /// The time from which the sign-in is void.
    pub expires_at: Timestamp,
}

/// A connection test, whose result only the admin who began it may see.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SsoTest {
    /// The system administrator who began it.
    pub user_id: UserId,
    /// The hash of the session in which it began.
    pub session_hash: String,
}

/// A confirmation of somebody who is signed in, who must come back as the same user in the same session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SsoConfirmation {
    /// The user who confirms.
    pub user_id: UserId,
    /// The hash of the session that they confirm in.
    pub session_hash: String,
    /// The path of the page to come back to; empty for none.
    pub return_to: String,
    /// The time before which an authentication is none that was asked for.
    pub began_at: Timestamp,
}

pub(crate) fn flow_key(state_hash: &str) -> Item {
    key([("key", &format!("sso-flow#{state_hash}"))])
}

impl Store {
    /// Stores a sign-in under the hash of its state until it is void.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn put_sso_flow(&self, state_hash: &str, flow: &SsoFlow) -> Result<(), StoreError> {
        let mut item = to_item(flow, "SSO flow")?;
        item.extend(flow_key(state_hash));
        self.put_short_lived(item, flow.expires_at).await
    }

    /// Deletes a sign-in and returns it; only the first caller gets it.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn take_sso_flow(&self, state_hash: &str) -> Result<Option<SsoFlow>, StoreError> {
        let item = self.delete_short_lived(flow_key(state_hash)).await?;
        item.map(|item| from_item(item, "SSO flow")).transpose()
    }
}
