//! The numbers of a workspace's invitation mails a day, in the table `sessions`, and the pause of its
//! invitation mails, in the table `workspaces`.
//!
//! Numbers: `key` = "invitation-mails#", workspace id, "#" and the day in Japan when the mails were
//! sent; `sent`, `bounced`, `complained`, `ttl`.
//!
//! Pause: `pk` = workspace id, `sk` = "invitation-pause", the fields of [`InvitationPause`], and `day`,
//! the key of the numbers that it was decided on. Operators lift a pause by deleting both items.

use aws_sdk_dynamodb::types::{Put, ReturnValue};
use domain::time::{compact_date, later};
use domain::{InvitationMails, InvitationPause, OutboxMail, WorkspaceId};
use jiff::{SignedDuration, Timestamp};

use crate::error::StoreError;
use crate::store::{Item, Store, from_item, key, number, text, to_item};
use crate::transaction::{FirstItem, put};

/// How long the numbers of a day are kept; SES tells of a bounce within days.
const KEPT: SignedDuration = SignedDuration::from_hours(8 * 24);

/// What is counted about an invitation mail.
#[derive(Clone, Copy, Debug)]
pub enum Counted {
    /// SES took it.
    Sent,
    /// It bounced for good.
    Bounced,
    /// It was reported as spam.
    Complained,
}

fn day_name(workspace_id: &WorkspaceId, sent_at: Timestamp) -> String {
    let day = compact_date(sent_at);
    format!("invitation-mails#{workspace_id}#{day}")
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

    /// Counts one invitation mail that was sent at `sent_at`, and returns the numbers of that day.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn count_invitation_mail(
        &self,
        workspace_id: &WorkspaceId,
        sent_at: Timestamp,
        what: Counted,
    ) -> Result<InvitationMails, StoreError> {
        let counted = match what {
            Counted::Sent => "sent",
            Counted::Bounced => "bounced",
            Counted::Complained => "complained",
        };
        let answer = self
            .db
            .update_item()
            .table_name(&self.tables.sessions)
            .set_key(Some(key([("key", &*day_name(workspace_id, sent_at))])))
            .update_expression("SET #ttl = :ttl ADD #counted :one")
            .expression_attribute_names("#ttl", "ttl")
            .expression_attribute_names("#counted", counted)
            .expression_attribute_values(":ttl", number(later(sent_at, KEPT).as_second()))
            .expression_attribute_values(":one", number(1))
            .return_values(ReturnValue::AllNew)
            .send()
            .await
            .map_err(StoreError::from_sdk("UpdateItem"))?;
        from_item(answer.attributes.unwrap_or_default(), "invitation mails")
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
