//! The outbox: mails that are to be sent, written together with what they tell about, so that none
//! is lost and none tells what did not happen.
//!
//! `workspace_id`, `mail_id`. While a mail waits, it is also in the index `waiting`, under its
//! workspace's id. What is in here names users and runs only: the text, and the secrets in it, are
//! made when it is sent.

use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue};
use domain::{OutboxMail, WorkspaceId};
use jiff::{SignedDuration, Timestamp};

use crate::error::StoreError;
use crate::store::{Item, Store, from_item, number, text, to_item};

/// How long one delivery may take before another one may try.
pub const CLAIM: SignedDuration = SignedDuration::from_secs(60);

/// How long a mail that was sent is remembered.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(30 * 24);

pub(crate) fn outbox_item(
    workspace_id: &WorkspaceId,
    mail: &OutboxMail,
) -> Result<Item, StoreError> {
    let mut item = to_item(mail, "mail")?;
    item.insert("workspace_id".into(), text(workspace_id.as_str()));
    item.insert("waiting".into(), text(workspace_id.as_str()));
    Ok(item)
}

fn mail_key(workspace_id: &WorkspaceId, mail_id: &str) -> Item {
    Item::from([
        ("workspace_id".into(), text(workspace_id.as_str())),
        ("mail_id".into(), text(mail_id)),
    ])
}

impl Store {
    /// The ids of the workspace's mails that wait, oldest first.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn waiting_mails(
        &self,
        workspace_id: &WorkspaceId,
    ) -> Result<Vec<String>, StoreError> {
        let mut pages = self
            .db
            .query()
            .table_name(&self.tables.outbox)
            .index_name("waiting")
            .key_condition_expression("waiting = :workspace")
            .expression_attribute_values(":workspace", text(workspace_id.as_str()))
            .into_paginator()
            .send();
        let mut waiting = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(StoreError::from_sdk("Query"))?;
            for mut item in page.items.unwrap_or_default() {
                if let Some(mail_id) = item
                    .remove("mail_id")
                    .and_then(|id| id.as_s().ok().cloned())
                {
                    waiting.push(mail_id);
                }
            }
        }
        Ok(waiting)
    }

    /// Takes a waiting mail for one delivery, so that two deliveries of one message do not send it
    /// twice. `None` when there is nothing to send: it was sent, or another delivery is at it.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn claim_mail(
        &self,
        workspace_id: &WorkspaceId,
        mail_id: &str,
        now: Timestamp,
    ) -> Result<Option<OutboxMail>, StoreError> {
        let until = now.as_second() + CLAIM.as_secs();
        let answer = self
            .db
            .update_item()
            .table_name(&self.tables.outbox)
            .set_key(Some(mail_key(workspace_id, mail_id)))
            .update_expression("SET claimed_until = :until")
            .condition_expression(
                "attribute_exists(waiting) AND (attribute_not_exists(claimed_until) OR claimed_until <= :now)",
            )
            .expression_attribute_values(":until", number(until))
            .expression_attribute_values(":now", number(now.as_second()))
            .return_values(ReturnValue::AllNew)
            .send()
            .await
            .map_err(StoreError::from_sdk("UpdateItem"));
        match answer {
            Ok(answer) => answer
                .attributes
                .map(|item| from_item(item, "mail"))
                .transpose(),
            Err(error) if error.is_condition() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Whether a mail still waits, for example because another delivery is at it.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn mail_waits(
        &self,
        workspace_id: &WorkspaceId,
        mail_id: &str,
    ) -> Result<bool, StoreError> {
        let answer = self
            .db
            .get_item()
            .table_name(&self.tables.outbox)
            .set_key(Some(mail_key(workspace_id, mail_id)))
            .consistent_read(true)
            .send()
            .await
            .map_err(StoreError::from_sdk("GetItem"))?;
        Ok(answer.item.is_some_and(|item| item.contains_key("waiting")))
    }

    /// Gives a claim back after a delivery that failed, so that the next one need not wait.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn unclaim_mail(
        &self,
        workspace_id: &WorkspaceId,
        mail_id: &str,
    ) -> Result<(), StoreError> {
        self.db
            .update_item()
            .table_name(&self.tables.outbox)
            .set_key(Some(mail_key(workspace_id, mail_id)))
            .update_expression("REMOVE claimed_until")
            .condition_expression("attribute_exists(waiting)")
            .send()
            .await
            .map_err(StoreError::from_sdk("UpdateItem"))?;
        Ok(())
    }

    /// Notes that SES took one part of a mail, so that only the others are sent again. `mark` tells it
    /// from the others, and from one that says something else by then.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn note_part_sent(
        &self,
        workspace_id: &WorkspaceId,
        mail_id: &str,
        mark: &str,
    ) -> Result<(), StoreError> {
        self.db
            .update_item()
            .table_name(&self.tables.outbox)
            .set_key(Some(mail_key(workspace_id, mail_id)))
            .update_expression("ADD parts_sent :mark")
            .condition_expression("attribute_exists(waiting)")
            .expression_attribute_values(":mark", AttributeValue::Ss(vec![mark.to_owned()]))
            .send()
            .await
            .map_err(StoreError::from_sdk("UpdateItem"))?;
        Ok(())
    }

    /// Notes that a mail needs no more sending: SES took it (`result` "sent"), or it says what is
    /// no longer true (`result` says why it was dropped). Secrets in it go.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn settle_mail(
        &self,
        workspace_id: &WorkspaceId,
        mail_id: &str,
        result: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.db
            .update_item()
            .table_name(&self.tables.outbox)
            .set_key(Some(mail_key(workspace_id, mail_id)))
            .update_expression(
                "SET #result = :result, settled_at = :now, #ttl = :ttl REMOVE waiting, claimed_until, password_seed, parts_sent",
            )
            .expression_attribute_names("#result", "result")
            .expression_attribute_names("#ttl", "ttl")
            .expression_attribute_values(":result", text(result))
            .expression_attribute_values(":now", text(now.to_string()))
            .expression_attribute_values(":ttl", number(now.as_second() + REMEMBERED.as_secs()))
            .send()
            .await
            .map_err(StoreError::from_sdk("UpdateItem"))?;
        Ok(())
    }
}
