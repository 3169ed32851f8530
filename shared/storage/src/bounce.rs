//! Notes on an open invitation that its mail did not arrive, or was reported as spam.

use domain::{UserId, WorkspaceId};

use crate::error::StoreError;
use crate::store::{Store, number, text};
use crate::users::user_key;

impl Store {
    /// Notes what became of the mail of the user's invitation number `serial`, in a sentence of the
    /// screen. Gives whether that invitation is still open; nothing is noted otherwise.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn note_bounce(
        &self,
        workspace_id: &WorkspaceId,
        user_id: &UserId,
        serial: u32,
        said: &str,
    ) -> Result<bool, StoreError> {
        let noted = self
            .db
            .update_item()
            .table_name(&self.tables.users)
            .set_key(Some(user_key(workspace_id.as_str(), user_id)))
            // The version as well: whoever decided on the invitation without the note decides anew.
            .update_expression("SET #invitation.#bounced = :said ADD version :one")
            .condition_expression("#invitation.#serial = :serial")
            .expression_attribute_names("#invitation", "invitation")
            .expression_attribute_names("#bounced", "bounced")
            .expression_attribute_names("#serial", "serial")
            .expression_attribute_values(":said", text(said))
            .expression_attribute_values(":one", number(1))
            .expression_attribute_values(":serial", number(serial))
            .send()
            .await
            .map_err(StoreError::from_sdk("UpdateItem"));
        match noted {
            Ok(_) => Ok(true),
            Err(error) if error.is_condition() => Ok(false),
            Err(error) => Err(error),
        }
    }
}
