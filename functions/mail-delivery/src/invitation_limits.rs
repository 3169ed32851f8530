//! What keeps an invitation mail in the outbox for now: a pause, another one to the same person just
//! before, or too many on one day. Nothing is lost, and a newer invitation takes the place of an older one.
//!
//! A person gets one invitation mail in ten minutes, from the sync and all admins together. A workspace sends twice
//! its seats a day, so that a first night is whole and one workspace cannot use up what SES lets all of them send.
//! The old link is dead at once. What an admin asks for by hand is refused instead, with the reason.

use domain::time::later;
use domain::{BETWEEN_INVITATIONS, InvitationMails, User, Workspace, WorkspaceId};
use jiff::{SignedDuration, Timestamp};
use storage::StoreError;

use crate::deliver_once::Delivery;
use crate::render::Rendered;

/// How long a mail waits before it is looked at again.
const WAIT: SignedDuration = SignedDuration::from_hours(1);

impl Delivery {
    /// Returns until when the user's invitation mail is postponed; `None` when it may be sent.
    pub(crate) async fn postponed(
        &self,
        workspace: &Workspace,
        user: &User,
        now: Timestamp,
    ) -> Result<Option<Rendered>, StoreError> {
        let workspace_id = &workspace.workspace_id;
        let postponed = |until, why| Ok(Some(Rendered::Postponed(until, why)));
        if user.waits_for_pause() && self.store.invitation_pause(workspace_id).await?.is_some() {
            return postponed(later(now, WAIT), "the invitation mails are paused");
        }
        // Nobody was sent an invitation before the first one.
        if user.serial > 1 {
            let last = self
                .store
                .last_invitation_sent_at(workspace_id, &user.user_id);
            let next = last.await?.map(|last| later(last, BETWEEN_INVITATIONS));
            if let Some(next) = next.filter(|next| *next > now) {
                return postponed(next, "the person got an invitation just now");
            }
        }
        let today = self.store.invitation_mails(workspace_id, now).await?;
        if today.sent >= InvitationMails::most_a_day(workspace) {
            return postponed(later(now, WAIT), "the workspace sent too many today");
        }
        Ok(None)
    }

    /// Counts an invitation mail that SES took. If that fails it is not counted: its delivery must not be
    /// repeated.
    pub(crate) async fn count_sent(&self, workspace_id: &WorkspaceId, now: Timestamp) {
        let counted = self.store.count_sent_invitation(workspace_id, now);
        if let Err(error) = counted.await {
            tracing::warn!(%workspace_id, %error, "an invitation mail is not counted");
        }
    }
}
