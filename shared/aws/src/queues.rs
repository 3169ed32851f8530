//! SQS: what is to be done next.

use aws_config::SdkConfig;
use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::SendMessageBatchRequestEntry;
use directory::{RunId, WorkspaceId};
use serde::{Deserialize, Serialize};

use crate::config::{MissingSetting, setting};
use crate::error::StoreError;
use crate::runs::{Mode, Trigger};

/// SQS takes this many messages in one request.
const BATCH: usize = 10;

/// Asks workspace-sync for a run, or for the rest of one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunMessage {
    /// Whose.
    pub workspace_id: WorkspaceId,
    /// Which run: the same id goes on with the same run.
    pub run_id: RunId,
    /// How it was started.
    pub trigger: Trigger,
    /// Whether it writes.
    pub mode: Mode,
    /// How many messages this run took before.
    #[serde(default)]
    pub continuation: u32,
}

/// Asks mail-delivery for a mail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailMessage {
    /// Whose.
    pub workspace_id: WorkspaceId,
    /// Which.
    pub mail_id: String,
}

/// Access to our queues.
#[derive(Clone, Debug)]
pub struct Queues {
    client: Client,
    sync_url: String,
    mail_url: String,
}

impl Queues {
    /// Reads the queues' addresses from the environment.
    ///
    /// # Errors
    /// [`MissingSetting`] when one is not set.
    pub fn from_env(sdk: &SdkConfig) -> Result<Self, MissingSetting> {
        let (sync_url, mail_url) = (setting("SYNC_QUEUE_URL")?, setting("MAIL_QUEUE_URL")?);
        Ok(Self::new(sdk, sync_url, mail_url))
    }

    /// Queues at these addresses.
    pub fn new(sdk: &SdkConfig, sync_url: String, mail_url: String) -> Self {
        Self {
            client: Client::new(sdk),
            sync_url,
            mail_url,
        }
    }

    /// Asks for one run, after a delay of at most 900 seconds.
    ///
    /// # Errors
    /// [`StoreError`] when SQS does not answer.
    pub async fn send_run(
        &self,
        message: &RunMessage,
        delay_seconds: i32,
    ) -> Result<(), StoreError> {
        self.client
            .send_message()
            .queue_url(&self.sync_url)
            .message_body(body(message)?)
            .delay_seconds(delay_seconds)
            .send()
            .await
            .map_err(StoreError::from_sdk("SendMessage"))?;
        Ok(())
    }

    /// Asks for up to ten runs in one request.
    ///
    /// # Errors
    /// [`StoreError`] when SQS does not take all of them.
    pub async fn send_runs(&self, messages: &[RunMessage]) -> Result<(), StoreError> {
        let bodies = messages.iter().map(body).collect::<Result<Vec<_>, _>>()?;
        self.send_batch(&self.sync_url, bodies).await
    }

    /// Asks for the delivery of any number of mails, ten a request.
    ///
    /// # Errors
    /// [`StoreError`] when SQS does not take all of them; asking again does no harm.
    pub async fn send_mails(
        &self,
        workspace_id: &WorkspaceId,
        mail_ids: &[String],
    ) -> Result<(), StoreError> {
        for batch in mail_ids.chunks(BATCH) {
            let bodies = batch
                .iter()
                .map(|mail_id| {
                    body(&MailMessage {
                        workspace_id: workspace_id.clone(),
                        mail_id: mail_id.clone(),
                    })
                })
                .collect::<Result<Vec<_>, _>>()?;
            self.send_batch(&self.mail_url, bodies).await?;
        }
        Ok(())
    }

    async fn send_batch(&self, url: &str, bodies: Vec<String>) -> Result<(), StoreError> {
        let entries = bodies
            .into_iter()
            .enumerate()
            .map(|(index, body)| {
                SendMessageBatchRequestEntry::builder()
                    .id(index.to_string())
                    .message_body(body)
                    .build()
                    .map_err(crate::commit::unbuildable)
            })
            .collect::<Result<Vec<_>, _>>()?;
        let answer = self
            .client
            .send_message_batch()
            .queue_url(url)
            .set_entries(Some(entries))
            .send()
            .await
            .map_err(StoreError::from_sdk("SendMessageBatch"))?;
        match answer.failed().first() {
            None => Ok(()),
            Some(failed) => Err(StoreError::Unavailable {
                operation: "SendMessageBatch",
                code: failed.code().to_owned(),
                message: failed.message().unwrap_or_default().to_owned(),
            }),
        }
    }
}

fn body<T: Serialize>(message: &T) -> Result<String, StoreError> {
    serde_json::to_string(message).map_err(crate::commit::unbuildable)
}
