//! The numbers of a workspace's invitation mails a day, in the table `sessions`, and the pause of its
//! invitation mails, in the table `workspaces`.
//!
//! Numbers: `key` = "invitation-mails#", workspace id, "#" and the day in Japan when the mails were
//! sent; `sent`, `bounced`, `complained`, `ttl`.
//!
//! What was counted of one invitation: `key` = "feedback#", workspace id, "#", user id, "#", serial, "#" and
//! "bounced" or "complained"; `ttl`. SES and SQS may deliver an event several times, and it counts once.
//!
//! Pause: `pk` = workspace id, `sk` = "invitation-pause", the fields of [`InvitationPause`], and `day`,
//! the key of the numbers that it was decided on. Operators lift a pause by deleting both items.

use aws_sdk_dynamodb::types::{Put, Update};
use domain::time::{compact_date, later};
use domain::{InvitationMails, InvitationPause, OutboxMail, UserId, WorkspaceId};
use jiff::{SignedDuration, Timestamp};

use crate::error::StoreError;
use crate::store::{Item, Store, expire_at, key, number, text, to_item};
use crate::transaction::{FirstItem, put, update};

/// How long the numbers of a day are kept; SES tells of a bounce within days.
const KEPT: SignedDuration = SignedDuration::from_hours(8 * 24);

/// Adds one to the number `#counted` of a day.
const COUNT_ONE: &str = "SET #ttl = :ttl ADD #counted :one";

/// What counts against the sender of an invitation mail.
#[derive(Clone, Copy, Debug)]
pub enum Feedback {
    /// It bounced for good.
    Bounced,
    /// It was reported as spam.
    Complained,
}

impl Feedback {
    fn attribute(self) -> &'static str {
        match self {
            Self::Bounced => "bounced",
            Self::Complained => "complained",
        }
    }
}

fn day_name(workspace_id: &WorkspaceId, sent_at: Timestamp) -> String {
    let day = compact_date(sent_at);
    format!("invitation-mails#{workspace_id}#{day}")
}

/// Returns how the keys begin of what was counted of the user's invitations.
pub(crate) fn feedback_prefix(workspace_id: &WorkspaceId, user_id: &UserId) -> String {
    format!("feedback#{workspace_id}#{user_id}#")
}

fn pause_key(workspace_id: &WorkspaceId) -> Item {
    key([("pk", workspace_id.as_str()), ("sk", "invitation-pause")])
}

impl Store {
    /// Returns the numbers of the workspace's invitation mails of the day of `sent_at`.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn invitation_mails(
        &self,
        workspace_id: &WorkspaceId,
        sent_at: Timestamp,
    ) -> Result<InvitationMails, StoreError> {
        let key = key([("key", &*day_name(workspace_id, sent_at))]);
        let found = self
            .record(&self.tables.sessions, key, "invitation mails")
            .await?;
        Ok(found.unwrap_or_default())
    }

    /// Counts one invitation mail that SES took at `sent_at`.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn count_sent_invitation(
        &self,
        workspace_id: &WorkspaceId,
        sent_at: Timestamp,
    ) -> Result<(), StoreError> {
        self.db
            .update_item()
            .table_name(&self.tables.sessions)
            .set_key(Some(key([("key", &*day_name(workspace_id, sent_at))])))
            .update_expression(COUNT_ONE)
            .expression_attribute_names("#ttl", "ttl")
            .expression_attribute_names("#counted", "sent")
            .expression_attribute_values(":ttl", number(later(sent_at, KEPT).as_second()))
            .expression_attribute_values(":one", number(1))
            .send()
            .await
            .map_err(StoreError::from_sdk("UpdateItem"))?;
        Ok(())
    }

    /// Counts what was said about the user's invitation number `serial`, whose mail was sent at `sent_at`, unless it
    /// was counted before. Returns the numbers of that day.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn count_feedback_once(
        &self,
        workspace_id: &WorkspaceId,
        user_id: &UserId,
        serial: u32,
        sent_at: Timestamp,
        feedback: Feedback,
    ) -> Result<InvitationMails, StoreError> {
        let (counted, until) = (feedback.attribute(), later(sent_at, KEPT));
        let name = format!(
            "{}{serial}#{counted}",
            feedback_prefix(workspace_id, user_id)
        );
        let mut once = key([("key", &*name)]);
        expire_at(&mut once, until);
        let items = vec![
            put(Put::builder()
                .table_name(&self.tables.sessions)
                .set_item(Some(once))
                .condition_expression("attribute_not_exists(#key)")
                .expression_attribute_names("#key", "key"))?,
            update(
                Update::builder()
                    .table_name(&self.tables.sessions)
                    .set_key(Some(key([("key", &*day_name(workspace_id, sent_at))])))
                    .update_expression(COUNT_ONE)
                    .expression_attribute_names("#ttl", "ttl")
                    .expression_attribute_names("#counted", counted)
                    .expression_attribute_values(":ttl", number(until.as_second()))
                    .expression_attribute_values(":one", number(1)),
            )?,
        ];
        match self.execute(items, FirstItem::Other).await {
            Ok(()) | Err(StoreError::Conflict(_)) => {
                self.invitation_mails(workspace_id, sent_at).await
            }
            Err(error) => Err(error),
        }
    }

    /// Returns the pause of the workspace's invitation mails; `None` when they are not paused.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn invitation_pause(
        &self,
        workspace_id: &WorkspaceId,
    ) -> Result<Option<InvitationPause>, StoreError> {
        let key = pause_key(workspace_id);
        self.record(&self.tables.workspaces, key, "invitation pause")
            .await
    }

    /// Pauses the workspace's invitation mails for those of the day of `sent_at`, and puts the mail about
    /// it into the outbox. Returns false when they are paused already.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn pause_invitations(
        &self,
        workspace_id: &WorkspaceId,
        pause: &InvitationPause,
        sent_at: Timestamp,
        mail: &OutboxMail,
    ) -> Result<bool, StoreError> {
        let mut item = to_item(pause, "invitation pause")?;
        item.extend(pause_key(workspace_id));
        item.insert("day".into(), text(day_name(workspace_id, sent_at)));
        let items = vec![
            put(Put::builder()
                .table_name(&self.tables.workspaces)
                .set_item(Some(item))
                .condition_expression("attribute_not_exists(pk)"))?,
            self.outbox_item(workspace_id, mail)?,
        ];
        match self.execute(items, FirstItem::Other).await {
            Ok(()) => Ok(true),
            Err(StoreError::Conflict(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }
}
