//! S3: the sync logs, as the CSV that an admin downloads.

use std::time::Duration;

use aws_sdk_s3::Client;
use aws_sdk_s3::config::ResponseChecksumValidation;
use aws_sdk_s3::presigning::PresigningConfig;
use aws_sdk_s3::primitives::ByteStream;
use aws_types::SdkConfig;
use domain::{RunId, UserId, WorkspaceId};

use crate::error::StoreError;
use lambda::config::{MissingSetting, setting};

/// How long an address for a download works: long enough for a slow browser to follow it.
const DOWNLOAD_WITHIN: Duration = Duration::from_mins(1);

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
            .interceptor(lambda::aws_requests::S3)
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

    /// An address that gives a log to whoever opens it, as a file, for [`DOWNLOAD_WITHIN`]. `asked_by` is who was
    /// given it; their ids are part of what is signed and, beginning with `x-`, of S3's access log.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be signed.
    pub async fn download_url(
        &self,
        key: &str,
        file_name: &str,
        (workspace_id, user_id): (&WorkspaceId, &UserId),
    ) -> Result<String, StoreError> {
        let unsigned = |error: &dyn std::error::Error| StoreError::Unavailable {
            operation: "GetObject",
            code: "cannot be signed".into(),
            message: error.to_string(),
        };
        let within = PresigningConfig::expires_in(DOWNLOAD_WITHIN).map_err(|e| unsigned(&e))?;
        let asked_by = format!("&x-kitera-workspace={workspace_id}&x-kitera-user={user_id}");
        let signed = self
            .client
            .get_object()
            .bucket(&self.bucket)
            .key(key)
            .response_content_type("text/csv; charset=utf-8")
            .response_content_disposition(format!("attachment; filename=\"{file_name}\""))
            .response_cache_control("no-store")
            .customize()
            // Asking for a checksum is a header, which a browser that follows a link does not send.
            .config_override(
                aws_sdk_s3::config::Builder::new()
                    .response_checksum_validation(ResponseChecksumValidation::WhenRequired),
            )
            .mutate_request(move |request| {
                let uri = format!("{}{asked_by}", request.uri());
                // Ids of ours stand in an address as they are.
                let _ = request.set_uri(uri);
            })
            .presigned(within)
            .await
            .map_err(|e| unsigned(&e))?;
        Ok(signed.uri().to_owned())
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

#[cfg(test)]
mod tests {
    use aws_sdk_s3::config::Credentials;

    use super::*;

    async fn address_for(user: &str) -> String {
        let role = Credentials::new("id", "secret", Some("token".into()), None, "test");
        let sdk = lambda::sdk::with("ap-northeast-1".into(), role).unwrap();
        let who = (&WorkspaceId::new("ws_1"), &UserId::new(user));
        Logs::new(&sdk.build(), "logs".into())
            .download_url("ws_1/run.1.csv", "sync-log.csv", who)
            .await
            .unwrap()
    }

    fn signature(address: &str) -> &str {
        let (_, rest) = address.split_once("X-Amz-Signature=").unwrap();
        rest.split('&').next().unwrap()
    }

    #[tokio::test]
    async fn an_address_for_a_download_works_for_a_minute_and_names_who_asked_for_it() {
        let address = address_for("usr_a").await;
        for part in [
            "https://logs.s3.ap-northeast-1.amazonaws.com/ws_1/run.1.csv?",
            "X-Amz-Security-Token=token",
            "x-kitera-workspace=ws_1",
            "x-kitera-user=usr_a",
            "X-Amz-Expires=60",
            // No header has to be sent along, so a browser can follow it.
            "X-Amz-SignedHeaders=host",
            "response-content-disposition=attachment",
        ] {
            assert!(address.contains(part), "{part}: {address}");
        }
        assert!(!address.contains("secret"));
    }

    #[tokio::test]
    async fn an_address_cannot_be_made_out_to_somebody_else() {
        let (a, b) = (address_for("usr_a").await, address_for("usr_b").await);
        assert_ne!(
            signature(&a),
            signature(&b),
            "the name is part of what is signed"
        );
    }
}
