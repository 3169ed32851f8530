//! All mails that wait, whosever they are: for the watch that asks for those again that nobody
//! delivers.

use domain::WorkspaceId;
use jiff::Timestamp;
use serde::Deserialize;

use crate::error::StoreError;
use crate::queues::MailMessage;
use crate::store::{Store, from_item};

/// A mail that waits.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct WaitingMail {
    /// Whose.
    pub workspace_id: WorkspaceId,
    /// Which.
    pub mail_id: String,
    /// Since when.
    pub created_at: Timestamp,
}

impl WaitingMail {
    /// What asks for its delivery.
    pub fn message(self) -> MailMessage {
        MailMessage {
            workspace_id: self.workspace_id,
            mail_id: self.mail_id,
        }
    }
}

impl Store {
    /// Every mail that waits, in no order. The index `waiting` holds nothing else, so a scan of it
    /// costs what there is to do: nothing, on most days.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn all_waiting_mails(&self) -> Result<Vec<WaitingMail>, StoreError> {
        let mut pages = self
            .db
            .scan()
            .table_name(&self.tables.outbox)
            .index_name("waiting")
            .projection_expression("workspace_id, mail_id, created_at")
            .into_paginator()
            .send();
        let mut waiting = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(StoreError::from_sdk("Scan"))?;
            for item in page.items.unwrap_or_default() {
                waiting.push(from_item(item, "waiting mail")?);
            }
        }
        Ok(waiting)
    }
}
