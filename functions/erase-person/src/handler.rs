//! Carries an event out. Every step can be repeated, and what the person is known by goes last, so that
//! the same event, sent again, continues where it was interrupted.

use domain::erasure::ErasedPerson;
use domain::{AuditAction, AuditEvent, EmailAddress, WorkspaceId};
use jiff::Timestamp;
use storage::erasure::Erasure;
use storage::sync_logs::SyncLogs;
use storage::transaction::{Commit, UserWrite};
use storage::{Store, StoreError};

use crate::erasure_list::{self, Entry};
use crate::error::EraseError;
use crate::event::{Answer, Event};
use crate::find::find;

/// The clients that erasing uses.
#[derive(Debug)]
pub(crate) struct Eraser {
    pub(crate) store: Store,
    pub(crate) logs: SyncLogs,
}

impl Eraser {
    /// Carries an event out.
    ///
    /// # Errors
    /// [`EraseError`], which the operator reads.
    pub(crate) async fn handle(
        &self,
        event: serde_json::Value,
        request_id: &str,
        now: Timestamp,
    ) -> Result<Answer, EraseError> {
        let event = serde_json::from_value(event).map_err(EraseError::Unreadable)?;
        match event {
            Event::Preview(request) => {
                let person = find(&self.store, &request).await?;
                self.erase(&request.workspace_id, &person, false).await
            }
            Event::Erase(request) => {
                let (workspace_id, person) =
                    (&request.workspace_id, find(&self.store, &request).await?);
                erasure_list::add(&self.logs, workspace_id, &person, now).await?;
                self.record(workspace_id, request_id, now).await?;
                let answer = self.erase(workspace_id, &person, true).await?;
                for user_id in &answer.user_ids {
                    tracing::info!(%workspace_id, %user_id, "erased a person");
                }
                Ok(answer)
            }
            Event::Repeat {} => self.repeat(request_id, now).await,
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

    /// Erases everybody on the list again. Somebody whom a restore made a user again is deleted first.
    async fn repeat(&self, request_id: &str, now: Timestamp) -> Result<Answer, EraseError> {
        let mut all = Answer::default();
        for entry in erasure_list::entries(&self.logs).await? {
            self.record(&entry.workspace_id, request_id, now).await?;
            let answer = self.erase_again(&entry, now).await?;
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
        }
        tracing::info!(users = all.users, "the erasure list was applied again");
        Ok(all)
    }

    async fn erase_again(&self, entry: &Entry, now: Timestamp) -> Result<Answer, EraseError> {
        let workspace_id = &entry.workspace_id;
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
        self.erase(workspace_id, &person, true).await
    }

    /// Erases the person everywhere, or only counts where they are known.
    async fn erase(
        &self,
        workspace_id: &WorkspaceId,
        person: &ErasedPerson,
        write: bool,
    ) -> Result<Answer, EraseError> {
        let tables = Erasure {
            store: &self.store,
            workspace_id,
            person,
            write,
        };
        Ok(Answer {
            user_ids: person.user_ids.iter().cloned().collect(),
            rows: tables.from_rows().await?,
            runs: tables.from_runs().await?,
            connections: tables.from_connection().await?,
            related_company_users: self.erase_from_workspace(&tables).await?,
            mails: tables.from_outbox().await?,
            sessions: tables.from_sessions().await?,
            second_factors: tables.second_factors().await?,
            log_lines: self.erase_from_logs(&tables).await?,
            // Last: what the person is known by.
            users: tables.deleted_users().await?,
        })
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

    async fn erase_from_logs(&self, erasure: &Erasure<'_>) -> Result<usize, EraseError> {
        let workspace_id = erasure.workspace_id;
        let mut erased = 0;
        for prefix in [
            format!("{workspace_id}/"),
            format!("previews/{workspace_id}/"),
        ] {
            for key in self.logs.keys(&prefix).await? {
                let Some(log) = self.logs.get(&key).await? else {
                    continue;
                };
                let (log, lines) = mail::without_person(&log, erasure.person)?;
                erased += lines;
                if erasure.write && lines > 0 {
                    self.logs.put(&key, log).await?;
                }
            }
        }
        Ok(erased)
    }
}
