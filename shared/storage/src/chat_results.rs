//! What became of the last post to a workspace's chat, in the table `workspaces`: `pk` = workspace id, `sk` =
//! "chat-result", and the fields of [`ChatResult`].

use domain::{ChatResult, WorkspaceId};

use crate::error::StoreError;
use crate::store::{Item, Store, key, to_item};

fn chat_result_key(id: &WorkspaceId) -> Item {
    key([("pk", id.as_str()), ("sk", "chat-result")])
}

impl Store {
    /// Returns what became of the last post; `None` if there was none.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn chat_result(&self, id: &WorkspaceId) -> Result<Option<ChatResult>, StoreError> {
        let key = chat_result_key(id);
        self.record(&self.tables.workspaces, key, "chat result")
            .await
    }

    /// Notes what became of a post, in place of the one before.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn put_chat_result(
        &self,
        id: &WorkspaceId,
        result: &ChatResult,
    ) -> Result<(), StoreError> {
        let mut fields = to_item(result, "chat result")?;
        let problem = fields.remove("problem");
        let expression = match problem {
            Some(_) => "SET secret_id = :secret_id, #at = :at, problem = :problem",
            None => "SET secret_id = :secret_id, #at = :at REMOVE problem",
        };
        let values = fields
            .into_iter()
            .chain(problem.map(|it| ("problem".to_owned(), it)));
        let values = values
            .map(|(name, value)| (format!(":{name}"), value))
            .collect();
        self.db
            .update_item()
            .table_name(&self.tables.workspaces)
            .set_key(Some(chat_result_key(id)))
            .update_expression(expression)
            .expression_attribute_names("#at", "at")
            .set_expression_attribute_values(Some(values))
            .send()
            .await
            .map_err(StoreError::from_sdk("UpdateItem"))?;
        Ok(())
    }
}
