//! A workspace's share of bounces and complaints, and the pause of its invitation mails.

use domain::{InvitationMails, InvitationPause, MailKind, OutboxMail};
use jiff::Timestamp;
use lambda::clock;
use lambda::metrics::Metrics;
use storage::invitation_mails::Feedback;
use storage::{Store, StoreError};

use crate::event::Invitation;

/// Counts a bounce or a complaint about an invitation mail that was sent at `sent_at`, once however often its event is
/// delivered. When there are too many of them that day, the workspace's invitation mails are paused and its
/// admins are mailed.
pub(crate) async fn count(
    store: &Store,
    invitation: &Invitation,
    sent_at: Timestamp,
    feedback: Feedback,
) -> Result<(), StoreError> {
    let (workspace_id, user_id) = (&invitation.workspace_id, &invitation.user_id);
    let mails = store
        .count_feedback_once(workspace_id, user_id, invitation.serial, sent_at, feedback)
        .await?;
    let Some(reason) = mails.pause_reason() else {
        return Ok(());
    };
    let since = clock::now();
    let pause = InvitationPause {
        since,
        reason,
        mails,
    };
    // The mail waits in the outbox until night-watch asks for it, a quarter of an hour later.
    let mail = OutboxMail::new(MailKind::InvitationsPaused, since);
    if store
        .pause_invitations(workspace_id, &pause, sent_at, &mail)
        .await?
    {
        let InvitationMails {
            sent,
            bounced,
            complained,
        } = mails;
        tracing::error!(%workspace_id, ?reason, sent, bounced, complained, "the invitation mails are paused");
        Metrics::new(since).count("InvitationPauses", 1_u32).print();
    }
    Ok(())
}
