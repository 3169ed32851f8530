//! The outbox: mails to send, in the table `outbox`. A mail is written in the transaction that it is
//! about, so that it is sent if and only if that happened.
//!
//! `workspace_id`, `mail_id`, and the fields of [`OutboxMail`], which name users and runs only: the
//! text and its secrets are made when the mail is sent. An address that was replaced is kept until then.
//!
//! | attribute | meaning |
//! |---|---|
//! | `waiting` | the workspace's id, until the mail is settled: the key of the index `waiting` |
//! | `claimed_until` | the end of a delivery's claim, in epoch seconds |
//! | `postponed_until` | the time before which nobody need ask for the mail, in epoch seconds |
//! | `parts_sent` | marks of the parts that SES accepted, of a mail in several parts |
//! | `result`, `settled_at`, `ttl` | the [`MailResult`] of a settled mail, kept for 30 days |

use std::fmt;

use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::builders::PutBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, Put, ReturnValue, TransactWriteItem};
use domain::{OutboxMail, UserId, WorkspaceId};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use crate::error::{StoreError, if_condition_held};
use crate::queues::MailMessage;
use crate::store::{
    Item, Store, from_item, key, number, query_all, query_items, readable, text, to_item,
};
use crate::transaction::put;

/// How long a delivery may take before another one may claim its mail.
pub const CLAIM: SignedDuration = SignedDuration::from_secs(60);

/// How long a settled mail is kept.
const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Why a mail needs no more sending.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MailResult {
    /// SES accepted the mail, all of its parts.
    Sent,
    /// SES rejects the mail for good, for this reason.
    Rejected(String),
    /// The mail was not sent because its content is no longer true, for this reason.
    Dropped(&'static str),
}

/// Formats the result as it is stored in `result`.
impl fmt::Display for MailResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sent => f.write_str("sent"),
            Self::Rejected(why) => write!(f, "rejected: {why}"),
            Self::Dropped(why) => write!(f, "dropped: {why}"),
        }
    }
}

/// A mail that waits to be sent.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct WaitingMail {
    /// The workspace that the mail is about.
    pub workspace_id: WorkspaceId,
    /// The id of the mail within the workspace.
    pub mail_id: String,
    /// The time at which the mail was decided on.
    pub created_at: Timestamp,
    /// The time until which it was postponed, in epoch seconds; `None` if it never was.
    #[serde(default)]
    pub postponed_until: Option<i64>,
}

impl WaitingMail {
    /// Returns how long the mail has waited at `now` for its delivery; negative while it is postponed.
    pub fn age(&self, now: Timestamp) -> SignedDuration {
        match self.postponed_until {
            Some(until) => SignedDuration::from_secs(now.as_second() - until),
            None => now.duration_since(self.created_at),
        }
    }

    /// Returns the queue message that asks for the delivery of the mail.
    pub fn message(self) -> MailMessage {
        MailMessage {
            workspace_id: self.workspace_id,
            mail_id: self.mail_id,
        }
    }
}

pub(crate) fn mail_key(workspace_id: &WorkspaceId, mail_id: &str) -> Item {
    key([
        ("workspace_id", workspace_id.as_str()),
        ("mail_id", mail_id),
    ])
}

impl Store {
    /// Returns a new mail as an item of a transaction.
    pub(crate) fn outbox_item(
        &self,
        workspace_id: &WorkspaceId,
        mail: &OutboxMail,
    ) -> Result<TransactWriteItem, StoreError> {
        put(self.outbox_put(workspace_id, mail)?)
    }

    fn outbox_put(
        &self,
        workspace_id: &WorkspaceId,
        mail: &OutboxMail,
    ) -> Result<PutBuilder, StoreError> {
        let mut item = to_item(mail, "mail")?;
        item.insert("workspace_id".into(), text(workspace_id.as_str()));
        item.insert("waiting".into(), text(workspace_id.as_str()));
        let put = Put::builder().table_name(&self.tables.outbox);
        Ok(put.set_item(Some(item)))
    }

    /// Writes a mail that belongs to no change, unless it is there already, sent or not. Returns whether it was
    /// written.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn put_mail_once(
        &self,
        workspace_id: &WorkspaceId,
        mail: &OutboxMail,
    ) -> Result<bool, StoreError> {
        let put = self.outbox_put(workspace_id, mail)?;
        let put = put.condition_expression("attribute_not_exists(mail_id)");
        self.put_if(put.build().map_err(StoreError::invalid_request)?)
            .await
    }

    /// Returns the ids of the workspace's waiting mails, oldest first.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn waiting_mails(
        &self,
        workspace_id: &WorkspaceId,
    ) -> Result<Vec<String>, StoreError> {
        let query = self
            .db
            .query()
            .table_name(&self.tables.outbox)
            .index_name("waiting")
            .key_condition_expression("waiting = :workspace")
            .expression_attribute_values(":workspace", text(workspace_id.as_str()));
        let items = query_items(query).await?.into_iter();
        let waiting = items.filter_map(|item| readable::<WaitingMail>(&item, "waiting mail"));
        Ok(waiting.map(|mail| mail.mail_id).collect())
    }

    /// Returns the waiting mails of all workspaces, in no order. The index `waiting` holds nothing
    /// else, and is empty on most days.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn all_waiting_mails(&self) -> Result<Vec<WaitingMail>, StoreError> {
        let mut items = self
            .db
            .scan()
            .table_name(&self.tables.outbox)
            .index_name("waiting")
            .projection_expression("workspace_id, mail_id, created_at, postponed_until")
            .into_paginator()
            .items()
            .send();
        let mut waiting = Vec::new();
        while let Some(item) = items.next().await {
            let item = item.map_err(StoreError::from_sdk("Scan"))?;
            waiting.extend(readable(&item, "waiting mail"));
        }
        Ok(waiting)
    }

    /// Claims a waiting mail for one delivery, so that two deliveries of one message do not send it
    /// twice. `None` means that there is nothing to send: the mail was settled, or another delivery
    /// has claimed it.
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
            .update_mail(workspace_id, mail_id)
            .update_expression("SET claimed_until = :until")
            .condition_expression(
                "attribute_exists(waiting) AND (attribute_not_exists(claimed_until) OR claimed_until <= :now)",
            )
            .expression_attribute_values(":until", number(until))
            .expression_attribute_values(":now", number(now.as_second()))
            .return_values(ReturnValue::AllNew)
            .send()
            .await;
        if_condition_held("UpdateItem", answer)?
            .and_then(|claimed| claimed.attributes)
            .map(|item| from_item(item, "mail"))
            .transpose()
    }

    /// Returns whether a mail is still to be sent.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn mail_waits(
        &self,
        workspace_id: &WorkspaceId,
        mail_id: &str,
    ) -> Result<bool, StoreError> {
        let key = mail_key(workspace_id, mail_id);
        let item = self.get(&self.tables.outbox, key).await?;
        Ok(item.is_some_and(|item| item.contains_key("waiting")))
    }

    /// Ends a claim after a delivery that failed, so that the next one need not wait.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn unclaim_mail(
        &self,
        workspace_id: &WorkspaceId,
        mail_id: &str,
    ) -> Result<(), StoreError> {
        self.update_mail(workspace_id, mail_id)
            .update_expression("REMOVE claimed_until")
            .condition_expression("attribute_exists(waiting)")
            .send()
            .await
            .map_err(StoreError::from_sdk("UpdateItem"))?;
        Ok(())
    }

    /// Ends a claim and postpones the mail, which stays in the outbox.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn postpone_mail(
        &self,
        workspace_id: &WorkspaceId,
        mail_id: &str,
        until: Timestamp,
    ) -> Result<(), StoreError> {
        self.update_mail(workspace_id, mail_id)
            .update_expression("SET postponed_until = :until REMOVE claimed_until")
            .condition_expression("attribute_exists(waiting)")
            .expression_attribute_values(":until", number(until.as_second()))
            .send()
            .await
            .map_err(StoreError::from_sdk("UpdateItem"))?;
        Ok(())
    }

    /// Returns when SES took an invitation mail to the user last, of the last 30 days.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn last_invitation_sent_at(
        &self,
        workspace_id: &WorkspaceId,
        user_id: &UserId,
    ) -> Result<Option<Timestamp>, StoreError> {
        #[derive(Deserialize)]
        struct Settled {
            result: Option<String>,
            settled_at: Option<Timestamp>,
        }
        let query = self
            .db
            .query()
            .table_name(&self.tables.outbox)
            .consistent_read(true)
            .key_condition_expression(
                "workspace_id = :workspace AND begins_with(mail_id, :of_user)",
            )
            .expression_attribute_values(":workspace", text(workspace_id.as_str()))
            .expression_attribute_values(":of_user", text(format!("invitation#{user_id}#")));
        let mails: Vec<Settled> = query_all(query, "settled mail").await?;
        let sent = mails.into_iter().filter_map(|mail| {
            let sent = mail.result? == MailResult::Sent.to_string();
            mail.settled_at.filter(|_| sent)
        });
        Ok(sent.max())
    }

    /// Notes that SES accepted one part of a mail, so that only the others are sent again. `mark`
    /// identifies the part and its content.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn note_part_sent(
        &self,
        workspace_id: &WorkspaceId,
        mail_id: &str,
        mark: &str,
    ) -> Result<(), StoreError> {
        self.update_mail(workspace_id, mail_id)
            .update_expression("ADD parts_sent :mark")
            .condition_expression("attribute_exists(waiting)")
            .expression_attribute_values(":mark", AttributeValue::Ss(vec![mark.to_owned()]))
            .send()
            .await
            .map_err(StoreError::from_sdk("UpdateItem"))?;
        Ok(())
    }

    /// Notes that a mail needs no more sending, and removes the secrets in it.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn settle_mail(
        &self,
        workspace_id: &WorkspaceId,
        mail_id: &str,
        result: &MailResult,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.update_mail(workspace_id, mail_id)
            .update_expression(
                "SET #result = :result, settled_at = :now, #ttl = :ttl REMOVE waiting, claimed_until, postponed_until, password_seed, derived_from, link_seed, old_email, parts_sent",
            )
            .expression_attribute_names("#result", "result")
            .expression_attribute_names("#ttl", "ttl")
            .expression_attribute_values(":result", text(result.to_string()))
            .expression_attribute_values(":now", text(now.to_string()))
            .expression_attribute_values(":ttl", number(now.as_second() + KEPT.as_secs()))
            .send()
            .await
            .map_err(StoreError::from_sdk("UpdateItem"))?;
        Ok(())
    }

    fn update_mail(&self, workspace_id: &WorkspaceId, mail_id: &str) -> UpdateItemFluentBuilder {
        self.db
            .update_item()
            .table_name(&self.tables.outbox)
            .set_key(Some(mail_key(workspace_id, mail_id)))
    }
}
