//! The audit trail, in the table `audit`, on which no function has the right to update or delete.
//!
//! `pk` = workspace id, `sk` = the id of the event, which sorts by time, and the fields of
//! [`AuditEvent`]. `ttl` ends an event after 400 days. Each event is an item of the transaction of its
//! change.

use aws_sdk_dynamodb::types::{Put, TransactWriteItem};
use domain::{AuditAction, AuditEvent, RunId, UserId, WorkspaceId};
use jiff::Timestamp;

use crate::error::StoreError;
use crate::runs::HISTORY;
use crate::store::{Store, expire_at, key, readable, text, to_item};
use crate::transaction::{FirstItem, put};

/// How many pages of a megabyte are read for one user's events.
const MOST_PAGES: usize = 2;

/// The condition that listed events satisfy.
#[derive(Clone, Debug, Default)]
pub struct AuditFilter {
    /// What was done; `None` for every action.
    pub action: Option<AuditAction>,
    /// The user who did it or to whom it was done; `None` for everybody.
    pub person: Option<UserId>,
}

impl Store {
    /// Records an event that changes nothing else, such as a download.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn record_audit_event(
        &self,
        workspace_id: &WorkspaceId,
        event: &AuditEvent,
    ) -> Result<(), StoreError> {
        let items = vec![self.audit_item(workspace_id, event)?];
        self.execute(items, FirstItem::Other).await
    }

    /// Returns an event as an item of the transaction of its change.
    pub(crate) fn audit_item(
        &self,
        workspace_id: &WorkspaceId,
        event: &AuditEvent,
    ) -> Result<TransactWriteItem, StoreError> {
        let mut item = to_item(event, "audit event")?;
        item.extend(key([("pk", workspace_id.as_str()), ("sk", &event.id())]));
        expire_at(&mut item, event.at + HISTORY);
        put(Put::builder()
            .table_name(&self.tables.audit)
            .set_item(Some(item))
            // An event never replaces another one.
            .condition_expression("attribute_not_exists(pk)"))
    }

    /// Returns the events about one user between two times, newest first; `None` is the beginning, or now. Of a time in
    /// which very much was done, about five thousand events a megabyte, only the newest two megabytes are looked at.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn audit_events_about(
        &self,
        workspace_id: &WorkspaceId,
        user_id: &UserId,
        since: Option<Timestamp>,
        until: Option<Timestamp>,
    ) -> Result<Vec<AuditEvent>, StoreError> {
        let first = since.map_or_else(|| "0".to_owned(), AuditEvent::id_at);
        let last = until.map_or_else(|| "9".to_owned(), AuditEvent::id_at);
        let mut pages = self
            .db
            .query()
            .table_name(&self.tables.audit)
            .consistent_read(true)
            .scan_index_forward(false)
            .key_condition_expression("pk = :workspace AND sk BETWEEN :first AND :last")
            .filter_expression("user_id = :user")
            .expression_attribute_values(":workspace", text(workspace_id.as_str()))
            .expression_attribute_values(":first", text(first))
            .expression_attribute_values(":last", text(last))
            .expression_attribute_values(":user", text(user_id.as_str()))
            .into_paginator()
            .send();
        let mut events = Vec::new();
        for _ in 0..MOST_PAGES {
            let Some(page) = pages.next().await else {
                break;
            };
            let page = page.map_err(StoreError::from_sdk("Query"))?;
            let items = page.items.unwrap_or_default().into_iter();
            events.extend(items.filter_map(|item| readable::<AuditEvent>(&item, "audit event")));
        }
        Ok(events)
    }

    /// Returns the events about a run from `from` to `until`, oldest first, as far as they are among the first megabyte
    /// of the time: one request.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn audit_events_about_run(
        &self,
        workspace_id: &WorkspaceId,
        run_id: &RunId,
        (from, until): (Timestamp, Timestamp),
    ) -> Result<Vec<AuditEvent>, StoreError> {
        let answer = self
            .db
            .query()
            .table_name(&self.tables.audit)
            .key_condition_expression("pk = :workspace AND sk BETWEEN :from AND :until")
            .filter_expression("run_id = :run")
            .expression_attribute_values(":workspace", text(workspace_id.as_str()))
            .expression_attribute_values(":from", text(AuditEvent::id_at(from)))
            .expression_attribute_values(":until", text(AuditEvent::id_at(until)))
            .expression_attribute_values(":run", text(run_id.as_str()))
            .send()
            .await
            .map_err(StoreError::from_sdk("Query"))?;
        let items = answer.items.unwrap_or_default();
        let events = items
            .iter()
            .filter_map(|item| readable(item, "audit event"));
        Ok(events.collect())
    }

    /// Returns at most `limit` events of a workspace that `filter` matches, newest first, of those before the event
    /// `before`. Events that cannot be read, such as those with an action of a later version, are logged and left out.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn audit_events(
        &self,
        workspace_id: &WorkspaceId,
        filter: &AuditFilter,
        before: Option<&str>,
        limit: u32,
    ) -> Result<Vec<AuditEvent>, StoreError> {
        let mut query = self
            .db
            .query()
            .table_name(&self.tables.audit)
            .consistent_read(true)
            .scan_index_forward(false)
            .key_condition_expression("pk = :workspace")
            .expression_attribute_values(":workspace", text(workspace_id.as_str()));
        if let Some(before) = before {
            query = query
                .key_condition_expression("pk = :workspace AND sk < :before")
                .expression_attribute_values(":before", text(before));
        }
        let mut conditions = Vec::new();
        if let Some(action) = filter.action {
            let action = serde_dynamo::to_attribute_value(action);
            let action = action.map_err(StoreError::corrupt("audit action"))?;
            conditions.push("#action = :action");
            query = query
                .expression_attribute_names("#action", "action")
                .expression_attribute_values(":action", action);
        }
        if let Some(person) = &filter.person {
            conditions.push("(by_user = :person OR user_id = :person)");
            query = query.expression_attribute_values(":person", text(person.as_str()));
        }
        query = if conditions.is_empty() {
            // A page of the query is one of ours: otherwise it would read up to a megabyte.
            query.limit(i32::try_from(limit).unwrap_or(i32::MAX))
        } else {
            query.filter_expression(conditions.join(" AND "))
        };
        let mut items = query.into_paginator().items().send();
        let mut events = Vec::new();
        while events.len() < limit as usize
            && let Some(item) = items.next().await
        {
            let item = item.map_err(StoreError::from_sdk("Query"))?;
            events.extend(readable(&item, "audit event"));
        }
        Ok(events)
    }
}
