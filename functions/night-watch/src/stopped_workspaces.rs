//! 02:30: reports workspaces that no run syncs although their settings are switched on, and reminds their
//! admins once a week.

use domain::{OutboxMail, WorkspaceId};
use jiff::{SignedDuration, Timestamp};
use lambda::metrics::Metrics;
use storage::StoreError;

use crate::watch::Watch;

const DAY: SignedDuration = SignedDuration::from_hours(24);
const WEEK_SECONDS: i64 = 7 * 24 * 3600;

/// SmartHR refused the refresh token, and nobody has connected again.
const RECONNECT_NEEDED: &str = "relink_needed";
/// The record of the connection cannot be read.
const UNREADABLE: &str = "unreadable";

impl Watch {
    /// Counts such workspaces by reason as `WorkspacesStopped`, and as `WorkspacesStoppedForADay` those that
    /// have been so for 24 hours. `unreadable` is the number that the search for runs not begun found.
    /// One query, and a read for each of the workspaces.
    ///
    /// # Errors
    /// [`StoreError`] when the database or the queue does not answer.
    pub(crate) async fn report_stopped_workspaces(
        &self,
        unreadable: u32,
    ) -> Result<u32, StoreError> {
        let now = (self.clock)();
        let (mut refused, mut unreadable, mut for_a_day) = (0, unreadable, 0_u32);
        for workspace_id in self.store.stopped_workspaces().await? {
            let since = match self.store.connection(&workspace_id).await {
                Ok(connection) => connection.and_then(|connection| connection.stopped_since()),
                Err(error) if error.is_unreadable() => {
                    tracing::error!(%workspace_id, reason = UNREADABLE, "no run syncs a workspace");
                    unreadable += 1;
                    continue;
                }
                Err(error) => return Err(error),
            };
            // None: the index is a moment behind.
            let Some(since) = since else { continue };
            let reason = RECONNECT_NEEDED;
            tracing::warn!(%workspace_id, reason, %since, "no run syncs a workspace");
            refused += 1;
            for_a_day += u32::from(now.duration_since(since) >= DAY);
            self.remind(&workspace_id, since, now).await?;
        }
        for (reason, count) in [(RECONNECT_NEEDED, refused), (UNREADABLE, unreadable)] {
            Metrics::new(now)
                .dimension("Reason", reason)
                .count("WorkspacesStopped", count)
                .print();
        }
        Metrics::new(now)
            .count("WorkspacesStoppedForADay", for_a_day)
            .print();
        Ok(refused + unreadable)
    }

    /// Reminds the admins that they have to connect again, once for each week that has passed. The first
    /// mail was written when SmartHR refused the token.
    async fn remind(
        &self,
        workspace_id: &WorkspaceId,
        since: Timestamp,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let weeks = now.duration_since(since).as_secs() / WEEK_SECONDS;
        if weeks == 0 {
            return Ok(());
        }
        let mail = OutboxMail::reconnect_reminder(since, weeks, now);
        self.mail_once(workspace_id, mail).await?;
        Ok(())
    }
}
