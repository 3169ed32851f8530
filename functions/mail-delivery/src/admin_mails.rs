//! The mails to システム管理者 and 管理者, or to those who were chosen instead, about runs and the connection to
//! SmartHR.

use domain::report::Outcome;
use domain::report::cause::{Cause, CauseOfRow};
use domain::text::people;
use domain::{
    Connection, Mode, NotificationKind, Role, Run, RunFailure, RunId, SeatsInUse, Workspace,
    WorkspaceId,
};
use jiff::Timestamp;
use mail::{
    ConnectionMayEnd, FailedRun, HeldDeletions, InvitationsPaused, MailName, ReconnectNeeded,
    SeatsNearlyFull, SyncLogRow, read_sync_log,
};
use storage::StoreError;

use crate::deliver_once::Delivery;
use crate::error::DeliveryError;
use crate::render::Rendered;

/// The number of people whom the mail about a failed run names.
const FIRST_PEOPLE: usize = 5;

impl Delivery {
    /// Renders the mail about a run that failed, as a whole or for `failed` people.
    pub(crate) async fn failed_run(
        &self,
        workspace: &Workspace,
        run_id: &RunId,
        failure: Option<&RunFailure>,
        failed: u32,
    ) -> Result<Rendered, DeliveryError> {
        let workspace_id = &workspace.workspace_id;
        let run = self.store.run(workspace_id, run_id, Mode::Apply).await?;
        let Some(run) = run else {
            return Ok(Rendered::Dropped("the run is gone"));
        };
        let (reason, remedy) = match failure {
            Some(failure) => (failure.cause(), failure.remedy()),
            None => (
                format!(
                    "{}のユーザーを同期できませんでした",
                    people(failed as usize)
                ),
                "同期ログで一人ひとりの原因と対処をご確認ください",
            ),
        };
        // Read again, since names stand in no mail of the outbox.
        let failed = match failure {
            Some(_) => Vec::new(),
            None => self.people_who_failed(&run).await?,
        };
        let causes = Cause::among(failed.iter().map(|row| CauseOfRow {
            outcome: &row.result,
            cause: &row.cause,
            remedy: &row.remedy,
        }));
        let names = failed.iter().take(FIRST_PEOPLE);
        let first_people: Vec<MailName> = names.map(|row| MailName::new(&row.name)).collect();
        let counted = self.store.seats_and_lease(workspace_id).await?;
        let seats = SeatsInUse::of(workspace, counted.users);
        let page = match failure {
            Some(_) => String::new(),
            None => "?category=failed#people".into(),
        };
        let mail = FailedRun {
            workspace_name: MailName::new(&workspace.name),
            started_at: run.started_at,
            reason: &reason,
            remedy,
            causes: &causes,
            others: failed.len() - first_people.len(),
            first_people: &first_people,
            nearly_full: seats.is_nearly_full().then_some(seats),
            result_url: &format!("{}/{run_id}{page}", self.history_url()),
        };
        self.to_recipients(workspace, NotificationKind::Failure, |from, to| {
            mail.mail(from, to)
        })
        .await
    }

    /// Returns the rows of those who failed in a run; none if its log is gone.
    async fn people_who_failed(&self, run: &Run) -> Result<Vec<SyncLogRow>, DeliveryError> {
        let log = match &run.log_key {
            Some(key) => self.logs.get(key).await?,
            None => None,
        };
        let rows = log.map(|log| read_sync_log(&log)).transpose();
        let rows = rows.unwrap_or_else(|error| {
            tracing::error!(%error, run_id = %run.run_id, "a sync log cannot be read");
            None
        });
        let mut rows = rows.unwrap_or_default();
        rows.retain(|row| row.result == Outcome::Failure.label());
        Ok(rows)
    }

    /// Renders the mail about held deletions, unless an admin has decided about all of them.
    pub(crate) async fn held_deletions(
        &self,
        workspace: &Workspace,
        run_id: &RunId,
    ) -> Result<Rendered, DeliveryError> {
        let workspace_id = &workspace.workspace_id;
        let Some((run, connection)) = self.run_and_connection(workspace_id, run_id).await? else {
            return Ok(Rendered::Dropped("the run or the link to SmartHR is gone"));
        };
        let people = run.unanswered_deletions(&connection);
        if people == 0 {
            return Ok(Rendered::Dropped("the held deletions were answered"));
        }
        let mail = HeldDeletions {
            workspace_name: MailName::new(&workspace.name),
            started_at: run.started_at,
            people,
            because: run.held_because,
            history_url: &self.history_url(),
        };
        self.to_recipients(workspace, NotificationKind::Held, |from, to| {
            mail.mail(from, to)
        })
        .await
    }

    /// Renders the mail that SmartHR refuses our tokens, unless somebody has connected again.
    pub(crate) async fn reconnect_needed(
        &self,
        workspace: &Workspace,
    ) -> Result<Rendered, DeliveryError> {
        let connection = self.store.connection(&workspace.workspace_id).await?;
        if !connection.is_some_and(|connection| connection.needs_reconnect()) {
            return Ok(Rendered::Dropped(
                "the workspace was connected again, or disconnected",
            ));
        }
        let mail = ReconnectNeeded {
            workspace_name: MailName::new(&workspace.name),
            settings_url: &self.settings_url(),
        };
        self.to_recipients(workspace, NotificationKind::Reconnect, |from, to| {
            mail.mail(from, to)
        })
        .await
    }

    /// Renders the mail that the connection may end, unless the sync was resumed or the company connected again.
    pub(crate) async fn connection_may_end(
        &self,
        workspace: &Workspace,
        since: Timestamp,
    ) -> Result<Rendered, DeliveryError> {
        let connection = self.store.connection(&workspace.workspace_id).await?;
        if connection.and_then(|connection| connection.paused_since()) != Some(since) {
            return Ok(Rendered::Dropped("the sync is not paused any more"));
        }
        let mail = ConnectionMayEnd {
            workspace_name: MailName::new(&workspace.name),
            since,
            settings_url: &self.settings_url(),
        };
        self.to_recipients(workspace, NotificationKind::Reconnect, |from, to| {
            mail.mail(from, to)
        })
        .await
    }

    /// Renders the mail about seats that are nearly taken, unless there are enough again.
    pub(crate) async fn seats_nearly_full(
        &self,
        workspace: &Workspace,
    ) -> Result<Rendered, DeliveryError> {
        let counted = self.store.seats_and_lease(&workspace.workspace_id).await?;
        let seats = SeatsInUse::of(workspace, counted.users);
        if !seats.is_nearly_full() {
            return Ok(Rendered::Dropped("there are enough seats again"));
        }
        let mail = SeatsNearlyFull {
            workspace_name: MailName::new(&workspace.name),
            seats,
            contract_url: &self.contract_url(),
        };
        self.to_recipients(workspace, NotificationKind::Seats, |from, to| {
            mail.mail(from, to)
        })
        .await
    }

    /// Renders the mail that the invitation mails are paused, unless an operator lifted the pause.
    pub(crate) async fn invitations_paused(
        &self,
        workspace: &Workspace,
    ) -> Result<Rendered, DeliveryError> {
        let pause = self.store.invitation_pause(&workspace.workspace_id).await?;
        let Some(pause) = pause else {
            return Ok(Rendered::Dropped("the pause was lifted"));
        };
        let mail = InvitationsPaused {
            workspace_name: MailName::new(&workspace.name),
            pause: &pause,
            users_url: &self.users_url(),
        };
        self.to_admins(workspace, Role::may_manage_connection, |from, to| {
            mail.mail(from, to)
        })
        .await
    }

    /// Reads what a mail about something held is made from; `None` when one of them is gone.
    pub(crate) async fn run_and_connection(
        &self,
        workspace_id: &WorkspaceId,
        run_id: &RunId,
    ) -> Result<Option<(Run, Connection)>, StoreError> {
        let run = self.store.run(workspace_id, run_id, Mode::Apply).await?;
        let connection = self.store.connection(workspace_id).await?;
        Ok(run.zip(connection))
    }
}
