//! The queues of runs and of mails: SQS.

mod redelivery;

use std::collections::HashMap;
use std::time::Duration;

use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::{
    MessageSystemAttributeNameForSends, MessageSystemAttributeValue, QueueAttributeName,
    SendMessageBatchRequestEntry,
};
use aws_types::SdkConfig;
use domain::{CrewId, Mode, RunId, Settings, Trigger, WorkspaceId};
use futures_util::stream::{self, StreamExt};
use jiff::Timestamp;
use lambda::config::{MissingSetting, setting};
use lambda::{aws_requests, trace};
use serde::{Deserialize, Serialize};

use crate::error::StoreError;

/// The longest that an attempt may take. SQS takes a message within a tenth of a second.
const ATTEMPT: Duration = Duration::from_secs(5);

/// The longest delay of a message, in seconds, before SQS delivers it.
pub const LONGEST_DELAY: i32 = 900;

/// The most messages that SQS accepts in one request.
pub const BATCH: usize = 10;

/// The requests that ask for mails at the same time.
const MAIL_BATCHES_AT_ONCE: usize = 8;

/// The message that asks workspace-sync for a run, or for the rest of one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunMessage {
    /// The workspace to sync.
    pub workspace_id: WorkspaceId,
    /// The run to start, or to continue if it has started.
    pub run_id: RunId,
    /// What started the run.
    pub trigger: Trigger,
    /// Whether the run writes or is a preview.
    pub mode: Mode,
    /// The number of earlier messages of this run; 0 for the first.
    #[serde(default)]
    pub continuation: u32,
    /// How often the message was put back because another run of the workspace was under way.
    #[serde(default)]
    pub postponed: u32,
    /// The time before which the run is not to be continued; `None` if that is now. SQS delays a message
    /// by a quarter of an hour at most, so that one which comes earlier is sent again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_before: Option<Timestamp>,
    /// The people to look at; empty for everybody.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub crew_ids: Vec<CrewId>,
    /// The settings that a preview plans with in place of the saved ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proposed_settings: Option<Box<Settings>>,
}

impl RunMessage {
    /// Creates the message that starts a run of everybody, at once.
    pub fn first(workspace_id: WorkspaceId, run_id: RunId, trigger: Trigger, mode: Mode) -> Self {
        Self {
            workspace_id,
            run_id,
            trigger,
            mode,
            continuation: 0,
            postponed: 0,
            not_before: None,
            crew_ids: Vec::new(),
            proposed_settings: None,
        }
    }
}

/// The message that asks mail-delivery for a mail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailMessage {
    /// The workspace that the mail is about.
    pub workspace_id: WorkspaceId,
    /// The id of the mail within the workspace.
    pub mail_id: String,
}

impl MailMessage {
    /// Returns the group among which SQS is fair: what is no invitation, mails to admins among it, does not wait for
    /// the invitations of its own workspace.
    fn group(&self) -> String {
        if domain::is_invitation(&self.mail_id) {
            self.workspace_id.to_string()
        } else if domain::is_chat_post(&self.mail_id) {
            format!("{}.chat", self.workspace_id)
        } else {
            format!("{}.others", self.workspace_id)
        }
    }
}

/// The queues of runs and of mails.
#[derive(Clone, Debug)]
pub struct Queues {
    client: Client,
    urls: QueueUrls,
}

/// The URLs of the queues.
#[derive(Clone, Debug)]
pub struct QueueUrls {
    /// The queue of runs that the schedule starts.
    pub sync: String,
    /// The queue of runs that admins, or changes in SmartHR, start. Their places are counted apart, so that no number
    /// of them delays a night.
    pub manual_sync: String,
    /// The queue of mails.
    pub mail: String,
}

impl Queues {
    /// Opens the queues that the environment names.
    ///
    /// # Errors
    /// [`MissingSetting`] when a URL is not set.
    pub fn from_env(sdk: &SdkConfig) -> Result<Self, MissingSetting> {
        let urls = QueueUrls {
            sync: setting("SYNC_QUEUE_URL")?,
            manual_sync: setting("MANUAL_SYNC_QUEUE_URL")?,
            mail: setting("MAIL_QUEUE_URL")?,
        };
        Ok(Self::new(sdk, urls))
    }

    /// Opens the queues at these URLs.
    pub fn new(sdk: &SdkConfig, urls: QueueUrls) -> Self {
        let config = aws_sdk_sqs::config::Builder::from(sdk)
            .interceptor(aws_requests::SQS)
            .timeout_config(lambda::sdk::timeouts(ATTEMPT))
            .build();
        Self {
            client: Client::from_conf(config),
            urls,
        }
    }

    /// Asks for one run, after a delay of at most [`LONGEST_DELAY`].
    ///
    /// # Errors
    /// [`StoreError`] when SQS does not answer.
    pub async fn send_run(
        &self,
        message: &RunMessage,
        delay_seconds: i32,
    ) -> Result<(), StoreError> {
        let url = match message.trigger {
            Trigger::Manual | Trigger::Immediate => &self.urls.manual_sync,
            Trigger::Schedule | Trigger::Operator => &self.urls.sync,
        };
        self.client
            .send_message()
            .queue_url(url)
            .message_group_id(message.workspace_id.as_str())
            .message_body(body(message)?)
            .delay_seconds(delay_seconds)
            .set_message_system_attributes(trace_attribute())
            .send()
            .await
            .map_err(StoreError::from_sdk("SendMessage"))?;
        Ok(())
    }

    /// Asks for up to ten runs of the schedule in one request.
    ///
    /// # Errors
    /// [`StoreError`] when SQS does not accept all of them.
    pub async fn send_runs(&self, messages: &[RunMessage]) -> Result<(), StoreError> {
        let bodies = messages
            .iter()
            .map(|message| Ok((message.workspace_id.to_string(), body(message)?)));
        self.send_batch(&self.urls.sync, bodies.collect::<Result<_, StoreError>>()?)
            .await
    }

    /// Asks for the delivery of any number of mails, ten a request.
    ///
    /// # Errors
    /// [`StoreError`] when SQS does not accept all of them; asking again does no harm.
    pub async fn send_mails(
        &self,
        workspace_id: &WorkspaceId,
        mail_ids: &[String],
    ) -> Result<(), StoreError> {
        let messages: Vec<MailMessage> = mail_ids
            .iter()
            .map(|mail_id| MailMessage {
                workspace_id: workspace_id.clone(),
                mail_id: mail_id.clone(),
            })
            .collect();
        self.send_mail_messages(&messages).await
    }

    /// Asks for the delivery of mails of any workspaces, as [`Queues::send_mails`] does.
    ///
    /// # Errors
    /// [`StoreError`] when SQS does not accept all of them; asking again does no harm.
    pub async fn send_mail_messages(&self, messages: &[MailMessage]) -> Result<(), StoreError> {
        let batches = messages
            .chunks(BATCH)
            .map(|batch| {
                let bodies = batch.iter();
                bodies
                    .map(|message| Ok((message.group(), body(message)?)))
                    .collect()
            })
            .collect::<Result<Vec<Vec<_>>, StoreError>>()?;
        let sent: Vec<Result<(), StoreError>> = stream::iter(batches)
            .map(|bodies| self.send_batch(&self.urls.mail, bodies))
            .buffer_unordered(MAIL_BATCHES_AT_ONCE)
            .collect()
            .await;
        sent.into_iter().collect()
    }

    /// Returns how many messages the queue of mails holds: those that wait, are being delivered, or are to come later.
    /// SQS tells it approximately.
    ///
    /// # Errors
    /// [`StoreError`] when SQS does not answer.
    pub async fn mail_messages(&self) -> Result<u64, StoreError> {
        self.messages(&self.urls.mail).await
    }

    /// Returns how many messages the queue of the night's runs holds, as [`Queues::mail_messages`] does.
    ///
    /// # Errors
    /// [`StoreError`] when SQS does not answer.
    pub async fn run_messages(&self) -> Result<u64, StoreError> {
        self.messages(&self.urls.sync).await
    }

    async fn messages(&self, url: &str) -> Result<u64, StoreError> {
        use QueueAttributeName::{
            ApproximateNumberOfMessages, ApproximateNumberOfMessagesDelayed,
            ApproximateNumberOfMessagesNotVisible,
        };
        let answer = self
            .client
            .get_queue_attributes()
            .queue_url(url)
            .attribute_names(ApproximateNumberOfMessages)
            .attribute_names(ApproximateNumberOfMessagesNotVisible)
            .attribute_names(ApproximateNumberOfMessagesDelayed)
            .send()
            .await
            .map_err(StoreError::from_sdk("GetQueueAttributes"))?;
        let numbers = answer.attributes.unwrap_or_default().into_values();
        Ok(numbers.filter_map(|it| it.parse::<u64>().ok()).sum())
    }

    /// Sends messages, each with its group, which is its workspace: SQS's fair queues keep a workspace with many
    /// messages from delaying those of others (Amazon SQS Developer Guide, "Amazon SQS fair queues").
    async fn send_batch(&self, url: &str, bodies: Vec<(String, String)>) -> Result<(), StoreError> {
        let entries = bodies
            .into_iter()
            .enumerate()
            .map(|(index, (group, body))| {
                SendMessageBatchRequestEntry::builder()
                    .id(index.to_string())
                    .message_group_id(group)
                    .message_body(body)
                    .set_message_system_attributes(trace_attribute())
                    .build()
                    .map_err(StoreError::invalid_request)
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

/// Returns the attribute that continues the present trace in the function that receives the message
/// (AWS X-Ray Developer Guide, "Amazon SQS and AWS X-Ray").
fn trace_attribute()
-> Option<HashMap<MessageSystemAttributeNameForSends, MessageSystemAttributeValue>> {
    let header = MessageSystemAttributeValue::builder()
        .data_type("String")
        .string_value(trace::header()?)
        .build()
        .ok()?;
    Some(HashMap::from([(
        MessageSystemAttributeNameForSends::AwsTraceHeader,
        header,
    )]))
}

fn body<T: Serialize>(message: &T) -> Result<String, StoreError> {
    serde_json::to_string(message).map_err(StoreError::invalid_request)
}
