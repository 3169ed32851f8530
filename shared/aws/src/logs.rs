//! S3: the sync logs, as the CSV that an admin downloads.

use aws_config::SdkConfig;
use aws_sdk_s3::Client;
use aws_sdk_s3::primitives::ByteStream;
use directory::{RunId, WorkspaceId};

use crate::config::{MissingSetting, setting};
use crate::error::StoreError;

/// Access to the logs.
#[derive(Clone, Debug)]
pub struct Logs {
    client: Client,
    bucket: String,
}

impl Logs {
    /// Reads the bucket's name from the environment.
    ///
    /// # Errors
    /// [`MissingSetting`] when it is not set.
    pub fn from_env(sdk: &SdkConfig) -> Result<Self, MissingSetting> {
        Ok(Self::new(sdk, setting("SYNC_LOGS_BUCKET")?))
    }

    /// The logs in this bucket.
    pub fn new(sdk: &SdkConfig, bucket: String) -> Self {
        let config = aws_sdk_s3::config::Builder::from(sdk)
            // A stand-in on this machine has no host name per bucket.
            .force_path_style(sdk.endpoint_url().is_some())
            .build();
        Self {
            client: Client::from_conf(config),
            bucket,
        }
    }

    /// Where the log of a run is that is written under a lease. Each lease has a place of its own:
    /// S3 does not refuse a stale holder, who must not write over the log of whoever ended the run.
    pub fn key(workspace_id: &WorkspaceId, run_id: &RunId, fence: u64) -> String {
        format!("{workspace_id}/{run_id}.{fence}.csv")
    }

    /// Where what a preview found is.
    pub fn preview_key(workspace_id: &WorkspaceId, run_id: &RunId) -> String {
        format!("{workspace_id}/previews/{run_id}.csv")
    }

    /// Keeps a log.
    ///
    /// # Errors
    /// [`StoreError`] when S3 does not answer.
    pub async fn put(&self, key: &str, csv: Vec<u8>) -> Result<(), StoreError> {
        self.client
            .put_object()
            .bucket(&self.bucket)
            .key(key)
            .content_type("text/csv; charset=utf-8")
            .body(ByteStream::from(csv))
            .send()
            .await
            .map_err(StoreError::from_sdk("PutObject"))?;
        Ok(())
    }

    /// A log, if it is still kept.
    ///
    /// # Errors
    /// [`StoreError`] when S3 does not answer.
    pub async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let answer = self
            .client
            .get_object()
            .bucket(&self.bucket)
            .key(key)
            .send()
            .await
            .map_err(StoreError::from_sdk("GetObject"));
        let answer = match answer {
            Ok(answer) => answer,
            Err(error) if error.code() == Some("NoSuchKey") => return Ok(None),
            Err(error) => return Err(error),
        };
        let bytes = answer
            .body
            .collect()
            .await
            .map_err(|error| StoreError::Unavailable {
                operation: "GetObject",
                code: "broken answer".into(),
                message: error.to_string(),
            })?;
        Ok(Some(bytes.to_vec()))
    }
}
