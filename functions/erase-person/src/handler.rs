//! Carries an event out. Every step can be repeated: first the tables, then the logs, and last the copy of the deleted
//! user, by which the logs are searched. So the same event, sent again, continues where it was interrupted.

use std::time::Duration;

use domain::erasure::ErasedPerson;
use domain::{AuditAction, AuditEvent, EmailAddress, WorkspaceId};
use jiff::Timestamp;
use storage::erasure::Erasure;
use storage::sync_logs::SyncLogs;
use storage::transaction::{Commit, UserWrite};
use storage::{Store, StoreError};
use tokio::time::Instant;

use crate::erasure_list::{self, Listed};
use crate::error::EraseError;
use crate::event::{Answer, Event};
use crate::find::find;
use crate::logs::erase_from_logs;

/// The end of the invocation, in which no further logs are begun.
const LAST_MINUTE: Duration = Duration::from_mins(1);

/// How long a preview reads logs: an operator waits for it.
const PREVIEW_READS_FOR: Duration = Duration::from_mins(1);

/// The clients that erasing uses.
#[derive(Debug)]
pub(crate) struct Eraser {
    pub(crate) store: Store,
    pub(crate) logs: SyncLogs,
}

impl Eraser {
    /// Carries an event out, as far as it can until `deadline`, the end of the invocation.
    ///
    /// # Errors
    /// [`EraseError`], which the operator reads.
    pub(crate) async fn handle(
        &self,
        event: serde_json::Value,
        request_id: &str,
        now: Timestamp,
        deadline: Instant,
    ) -> Result<Answer, EraseError> {
        let event = serde_json::from_value(event).map_err(EraseError::Unreadable)?;
        let begun = Instant::now();
        let until = deadline.checked_sub(LAST_MINUTE).unwrap_or(begun);
        match event {
            Event::Preview(request) => {
                let person = find(&self.store, &request).await?;
                let until = until.min(begun + PREVIEW_READS_FOR);
                self.erase(&request.workspace_id, &person, None, until)
                    .await
            }
            Event::Erase(request) => {
                let (workspace_id, person) =
                    (&request.workspace_id, find(&self.store, &request).await?);
                let mut listed =
                    erasure_list::begin(&self.logs, workspace_id, &person, now).await?;
                self.record(workspace_id, request_id, now).await?;
                let answer = self
                    .erase(workspace_id, &person, Some(&mut listed), until)
                    .await?;
                let unread_logs = answer.unread_logs;
                for user_id in &answer.user_ids {
                    tracing::info!(%workspace_id, %user_id, unread_logs, "erased a person");
                }
                Ok(answer)
            }
            Event::Repeat { after } => {
                let after = after.unwrap_or_default();
                self.repeat(request_id, now, after, until).await
            }
        }
    }

    /// Tells the audit trail that somebody is erased, before it happens, and not who: once for each
    /// workspace and invocation.
    async fn record(
        &self,
        workspace_id: &WorkspaceId,
        request_id: &str,
        now: Timestamp,
    ) -> Result<(), EraseError> {
        let event = AuditEvent::by_operator(request_id.to_owned(), AuditAction::PersonErased, now);
        match self.store.record_audit_event(workspace_id, &event).await {
            Ok(()) | Err(StoreError::Conflict(_)) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Erases everybody on the list after the key `after` again. Somebody whom a restore made a user again is deleted
    /// first.
    async fn repeat(
        &self,
        request_id: &str,
        now: Timestamp,
        mut after: String,
        until: Instant,
    ) -> Result<Answer, EraseError> {
        let mut all = Answer::default();
        for mut listed in erasure_list::entries(&self.logs, &after).await? {
            if Instant::now() >= until {
                all.continue_after = Some(after);
                break;
            }
            let workspace_id = &listed.entry.workspace_id;
            self.record(workspace_id, request_id, now).await?;
            let answer = self.erase_again(&mut listed, now, until).await?;
            all.user_ids.extend(answer.user_ids);
            all.users += answer.users;
            all.rows += answer.rows;
            all.runs += answer.runs;
            all.connections += answer.connections;
            all.related_company_users += answer.related_company_users;
            all.mails += answer.mails;
            all.sessions += answer.sessions;
            all.second_factors += answer.second_factors;
            all.log_lines += answer.log_lines;
            all.unread_logs += answer.unread_logs;
            if answer.unread_logs > 0 {
                all.continue_after = Some(after);
                break;
            }
            after = listed.key;
        }
        tracing::info!(
            users = all.users,
            unfinished = all.continue_after.is_some(),
            "the erasure list was applied again"
        );
        Ok(all)
    }

    async fn erase_again(
        &self,
        listed: &mut Listed,
        now: Timestamp,
        until: Instant,
    ) -> Result<Answer, EraseError> {
        let entry = &listed.entry;
        let workspace_id = &entry.workspace_id.clone();
        for user_id in &entry.user_ids {
            if let Some(before) = self.store.user(workspace_id, user_id).await? {
                let commit = Commit {
                    users: vec![UserWrite::Delete { before }],
                    ..Commit::default()
                };
                self.store.commit(workspace_id, &commit, now).await?;
            }
        }
        // The copies only: by now the crew, address or code may be somebody else's.
        let mut person = ErasedPerson {
            user_ids: entry.user_ids.iter().cloned().collect(),
            ..ErasedPerson::default()
        };
        for copy in self.store.deleted_users(workspace_id).await? {
            if person.user_ids.contains(&copy.user.user_id) {
                person.learn(&copy.user);
            }
        }
        person.crew_ids.extend(entry.crew_ids.iter().cloned());
        self.erase(workspace_id, &person, Some(listed), until).await
    }

    /// Erases the person everywhere, and notes on the erasure list how far it is; without an entry of the list only
    /// counts where they are known. No logs are read after `until`.
    async fn erase(
        &self,
        workspace_id: &WorkspaceId,
        person: &ErasedPerson,
        mut listed: Option<&mut Listed>,
        until: Instant,
    ) -> Result<Answer, EraseError> {
        let tables = Erasure {
            store: &self.store,
            workspace_id,
            person,
            write: listed.is_some(),
        };
        let mut answer = Answer {
            user_ids: person.user_ids.iter().cloned().collect(),
            rows: tables.from_rows().await?,
            runs: tables.from_runs().await?,
            connections: tables.from_connection().await?,
            related_company_users: self.erase_from_workspace(&tables).await?,
            mails: tables.from_outbox().await?,
            sessions: tables.from_sessions().await?,
            second_factors: tables.second_factors().await?,
            ..Answer::default()
        };
        // A restore of the tables brings nobody back into the logs.
        let is_done = listed.as_ref().is_some_and(|it| it.has_all_logs());
        let searches = !is_done && person.can_be_found_in_logs();
        if searches {
            let listed = listed.as_deref_mut();
            let found = erase_from_logs(&self.logs, workspace_id, person, listed, until);
            let found = found.await?;
            (answer.log_lines, answer.unread_logs) = (found.lines, found.unread);
        }
        if tables.write && answer.unread_logs > 0 {
            // What the person is known by is still needed.
            return Ok(answer);
        }
        answer.users = tables.deleted_users().await?;
        if let Some(listed) = listed.filter(|_| searches) {
            listed.note_all_logs(&self.logs).await?;
        }
        Ok(answer)
    }

    async fn erase_from_workspace(&self, erasure: &Erasure<'_>) -> Result<usize, EraseError> {
        let workspace = self.store.workspace(erasure.workspace_id).await?;
        let Some(mut workspace) = workspace else {
            return Ok(0);
        };
        let before = workspace.related_company_users.len();
        let is_theirs = |email: &EmailAddress| erasure.person.emails.contains(&email.key());
        workspace
            .related_company_users
            .retain(|related| !is_theirs(&related.email));
        let notified = workspace.notifications.forget_address(is_theirs);
        let erased = before - workspace.related_company_users.len() + notified;
        if erasure.write && erased > 0 {
            self.store.put_workspace(&workspace, &[]).await?;
        }
        Ok(erased)
    }
}
