//! Erases one person from the tables.
//!
//! Everything here can be repeated: what was erased is not found again. The copy of the deleted user,
//! from which the person is known, goes last.

use aws_sdk_dynamodb::types::AttributeValue;
use domain::erasure::ErasedPerson;
use domain::report::Row;
use domain::{Connection, Mode, Run, UserId, WorkspaceId};
use serde::Serialize;

use crate::address_changes::address_change_name;
use crate::deleted_users::deleted_partition;
use crate::error::StoreError;
use crate::idempotency::IdempotentRequest;
use crate::invitation_mails::feedback_prefix;
use crate::outbox::mail_key;
use crate::password_resets::password_reset_name;
use crate::runs::{run_key, run_partition};
use crate::store::{Item, Store, from_item, key, query_all, query_items, string, text};
use crate::user_imports::import_prefix;
use crate::users::user_key;

/// The erasure of one person from the tables of one workspace.
pub struct Erasure<'a> {
    /// The database.
    pub store: &'a Store,
    /// The workspace that the person was a user of.
    pub workspace_id: &'a WorkspaceId,
    /// What is known of the self.person.
    pub person: &'a ErasedPerson,
    /// Whether to write; otherwise the person is only counted.
    pub write: bool,
}

impl Erasure<'_> {
    /// Erases the person from the records of runs and previews. Returns the number of records that knew
    /// them.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer, or a record cannot be read.
    pub async fn from_runs(&self) -> Result<usize, StoreError> {
        let mut erased = 0;
        for mode in [Mode::Apply, Mode::Preview] {
            for run in self.runs_of_mode(mode).await? {
                let mut held = run.held.clone();
                held.retain(|user_id| !self.person.user_ids.contains(user_id));
                let mut questions = run.held_account_changes.clone();
                questions
                    .retain(|question| !self.person.user_ids.contains(&question.change.user_id));
                if held == run.held && questions == run.held_account_changes {
                    continue;
                }
                erased += 1;
                if self.write {
                    self.store
                        .db
                        .update_item()
                        .table_name(&self.store.tables.runs)
                        .set_key(Some(run_key(self.workspace_id, &run.run_id, mode)))
                        .update_expression("SET #held = :held, held_account_changes = :questions")
                        .condition_expression("attribute_exists(pk)")
                        .expression_attribute_names("#held", "held")
                        .expression_attribute_values(":held", value(&held)?)
                        .expression_attribute_values(":questions", value(&questions)?)
                        .send()
                        .await
                        .map_err(StoreError::from_sdk("UpdateItem"))?;
                }
            }
        }
        Ok(erased)
    }

    /// Returns all runs, or all previews, of a workspace.
    async fn runs_of_mode(&self, mode: Mode) -> Result<Vec<Run>, StoreError> {
        let query = self
            .store
            .db
            .query()
            .table_name(&self.store.tables.runs)
            .consistent_read(true)
            .key_condition_expression("pk = :runs")
            .expression_attribute_values(":runs", text(run_partition(self.workspace_id, mode)));
        query_all(query, "run").await
    }

    /// Erases the person from the rows of steps, from which a log is still to be written. Returns the
    /// number of rows that said something about them.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer, or rows cannot be read.
    pub async fn from_rows(&self) -> Result<usize, StoreError> {
        let mut erased = 0;
        for run in self.runs_of_mode(Mode::Apply).await? {
            for item in self
                .store
                .items_of_rows(self.workspace_id, &run.run_id)
                .await?
            {
                let stored = string(&item, "rows").unwrap_or_default();
                let rows = serde_json::from_str(stored).map_err(StoreError::corrupt("rows"));
                let mut rows: Vec<Row> = rows?;
                let changed = rows.iter_mut().map(|row| self.person.erase_from(row));
                let changed = changed.filter(|changed| *changed).count();
                erased += changed;
                if self.write && changed > 0 {
                    let rows = serde_json::to_string(&rows).map_err(StoreError::invalid_request)?;
                    let mut item = item.clone();
                    item.insert("rows".into(), text(rows));
                    self.store.put(&self.store.tables.runs, item).await?;
                }
            }
        }
        Ok(erased)
    }

    /// Erases the person from the connection: the questions and answers about their account and their
    /// deletion. Returns whether it knew them.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when somebody else wrote the connection meanwhile.
    pub async fn from_connection(&self) -> Result<usize, StoreError> {
        let Some(stored) = self.store.connection(self.workspace_id).await? else {
            return Ok(0);
        };
        let mut connection = stored.clone();
        forget(&mut connection, |user_id| {
            self.person.user_ids.contains(user_id)
        });
        if connection == stored {
            return Ok(0);
        }
        if self.write {
            self.store
                .put_connection(self.workspace_id, &mut connection)
                .await?;
        }
        Ok(1)
    }

    /// Erases the mails about the person from the outbox, and those whose result names them. Returns
    /// their number.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn from_outbox(&self) -> Result<usize, StoreError> {
        let query = self
            .store
            .db
            .query()
            .table_name(&self.store.tables.outbox)
            .consistent_read(true)
            .key_condition_expression("workspace_id = :workspace")
            .expression_attribute_values(":workspace", text(self.workspace_id.as_str()));
        let mut erased = 0;
        for mail in query_items(query).await? {
            let is_about = string(&mail, "user_id")
                .is_some_and(|user_id| self.person.user_ids.contains(&UserId::new(user_id)));
            if !is_about && !string(&mail, "result").is_some_and(|it| self.person.is_named_in(it)) {
                continue;
            }
            erased += 1;
            if self.write {
                let mail_id = string(&mail, "mail_id").unwrap_or_default();
                let key = mail_key(self.workspace_id, mail_id);
                self.delete_erased(&self.store.tables.outbox, key).await?;
            }
        }
        Ok(erased)
    }

    /// Erases the person's sessions, OAuth states, password reset, pending address and what was counted of their
    /// invitations, and the answers to requests that are theirs or name them. Returns their number. Reads the whole
    /// table, which holds hours of work, and the known browsers of half a year.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn from_sessions(&self) -> Result<usize, StoreError> {
        let scan = self.store.db.scan().table_name(&self.store.tables.sessions);
        let mut items = scan.consistent_read(true).into_paginator().items().send();
        let mut erased = 0;
        while let Some(item) = items.next().await {
            let item = item.map_err(StoreError::from_sdk("Scan"))?;
            let name = string(&item, "key").unwrap_or_default();
            if !self.is_of_session(&item, name) {
                continue;
            }
            erased += 1;
            if self.write {
                self.store.delete_short_lived(key([("key", name)])).await?;
            }
        }
        Ok(erased)
    }

    /// Erases the copies of the deleted users that the person had. Returns their number.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn deleted_users(&self) -> Result<usize, StoreError> {
        let mut erased = 0;
        for user_id in &self.person.user_ids {
            if self
                .store
                .deleted_user(self.workspace_id, user_id)
                .await?
                .is_none()
            {
                continue;
            }
            erased += 1;
            if self.write {
                let key = user_key(&deleted_partition(self.workspace_id), user_id);
                self.delete_erased(&self.store.tables.users, key).await?;
                // Their name would stay in the memory of who lists deleted users.
                self.store.count_edit(self.workspace_id).await?;
            }
        }
        Ok(erased)
    }

    /// Erases the second factors of the person. Returns the number of items.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn second_factors(&self) -> Result<usize, StoreError> {
        let mut erased = 0;
        for user_id in &self.person.user_ids {
            let (store, workspace_id) = (self.store, self.workspace_id);
            erased += if self.write {
                store.delete_second_factors(workspace_id, user_id).await?
            } else {
                store.count_second_factors(workspace_id, user_id).await?
            };
        }
        Ok(erased)
    }

    fn is_of_session(&self, item: &Item, name: &str) -> bool {
        let (workspace_id, person) = (self.workspace_id, self.person);
        let theirs = |user_id: &UserId| {
            string(item, "workspace_id") == Some(workspace_id.as_str())
                && string(item, "user_id") == Some(user_id.as_str())
                || name.starts_with(&format!("request#{workspace_id}#{user_id}#"))
                || name.starts_with(&feedback_prefix(workspace_id, user_id))
                || name == password_reset_name(workspace_id, user_id)
                || name == address_change_name(workspace_id, user_id)
        };
        // The answers to other people's requests in the same workspace may name the person.
        let names_them = || {
            let request = from_item::<IdempotentRequest>(item.clone(), "request");
            let answer = request.ok().and_then(|request| request.answer);
            answer.is_some_and(|answer| person.is_named_in(&answer.body))
        };
        // A file that somebody uploaded within the last hour may name them too.
        let is_in_import = || {
            let texts = ["content", "progress"].map(|it| string(item, it).unwrap_or_default());
            texts.iter().any(|text| person.is_named_in(text))
        };
        person.user_ids.iter().any(theirs)
            || name.starts_with(&import_prefix(workspace_id)) && is_in_import()
            || name.starts_with(&format!("request#{workspace_id}#")) && names_them()
    }

    async fn delete_erased(&self, table: &str, key: Item) -> Result<(), StoreError> {
        let delete = self
            .store
            .db
            .delete_item()
            .table_name(table)
            .set_key(Some(key));
        let deleted = delete.send().await;
        deleted
            .map(|_| ())
            .map_err(StoreError::from_sdk("DeleteItem"))
    }
}

/// Removes the questions and answers about the users from a connection.
fn forget(connection: &mut Connection, is_erased: impl Fn(&UserId) -> bool) {
    let decisions = &mut connection.decisions;
    for users in [
        &mut decisions.allowed,
        &mut decisions.refused,
        &mut decisions.held,
    ] {
        users.retain(|user_id| !is_erased(user_id));
    }
    let answers = &mut connection.account_answers;
    answers.retain(|answer| !is_erased(&answer.change.user_id));
    let asked = &mut connection.asked_account_changes;
    asked.retain(|asked| !is_erased(&asked.change.user_id));
    connection.left_out.forget(is_erased);
}

fn value<T: Serialize>(list: &T) -> Result<AttributeValue, StoreError> {
    serde_dynamo::to_attribute_value(list).map_err(StoreError::corrupt("run"))
}
