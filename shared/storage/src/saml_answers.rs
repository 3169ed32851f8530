//! What SAML providers answered, in the table `sessions`: kept with the sign-in, until the browser shows its cookie. A
//! provider's answer is posted by another site, and browsers send no cookie with that.
//!
//! `key` = "sso-assertion#", the workspace and the hash of an assertion's id, `ttl`: the assertion was used.

use aws_sdk_dynamodb::types::{Put, Update};
use domain::WorkspaceId;
use jiff::Timestamp;

use crate::error::StoreError;
use crate::sso_flows::{SsoFlow, flow_key};
use crate::store::{Store, expire_at, from_item, key, text};
use crate::transaction::{FirstItem, put, update};

/// An assertion that is used now, and never again.
pub struct UsedAssertion<'a> {
    /// The workspace that it signs in to.
    pub workspace_id: &'a WorkspaceId,
    /// The hash of its id.
    pub id_hash: &'a str,
    /// From when it is refused for its time.
    pub ends_at: Timestamp,
}

impl Store {
    /// Returns a sign-in under way, without using it up.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn sso_flow(&self, state_hash: &str) -> Result<Option<SsoFlow>, StoreError> {
        let answer = self
            .db
            .get_item()
            .table_name(&self.tables.sessions)
            .set_key(Some(flow_key(state_hash)))
            .consistent_read(true)
            .send()
            .await
            .map_err(StoreError::from_sdk("GetItem"))?;
        answer
            .item
            .map(|item| from_item(item, "SSO flow"))
            .transpose()
    }

    /// Keeps the answer to a sign-in, and that its assertion was used.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the sign-in is over or was answered before, or the assertion was used before.
    pub async fn answer_sso_flow(
        &self,
        state_hash: &str,
        saml_answer: &str,
        used: Option<UsedAssertion<'_>>,
    ) -> Result<(), StoreError> {
        let answered = Update::builder()
            .table_name(&self.tables.sessions)
            .set_key(Some(flow_key(state_hash)))
            .update_expression("SET saml_answer = :answer")
            .condition_expression("attribute_exists(#key) AND attribute_not_exists(saml_answer)")
            .expression_attribute_names("#key", "key")
            .expression_attribute_values(":answer", text(saml_answer));
        let mut items = vec![update(answered)?];
        if let Some(used) = used {
            let id = format!("sso-assertion#{}#{}", used.workspace_id, used.id_hash);
            let mut item = key([("key", &id)]);
            expire_at(&mut item, used.ends_at);
            let once = Put::builder()
                .table_name(&self.tables.sessions)
                .set_item(Some(item))
                .condition_expression("attribute_not_exists(#key)")
                .expression_attribute_names("#key", "key");
            items.push(put(once)?);
        }
        self.execute(items, FirstItem::Other).await
    }
}
