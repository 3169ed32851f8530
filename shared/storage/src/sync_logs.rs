//! Sync logs in S3, as the CSV files that admins download.

use std::time::Duration;

use aws_sdk_s3::Client;
use aws_sdk_s3::config::ResponseChecksumValidation;
use aws_sdk_s3::presigning::PresigningConfig;
use aws_sdk_s3::primitives::ByteStream;
use aws_types::SdkConfig;
use domain::{RunId, UserId, WorkspaceId};
use lambda::config::{MissingSetting, setting};

use crate::error::StoreError;

/// The longest that an attempt may take. A log of 100,000 people has about 20 MB.
const ATTEMPT: Duration = Duration::from_secs(30);

/// How long the URL of a download is valid: long enough for a slow browser to follow it.
const DOWNLOAD_VALID_FOR: Duration = Duration::from_mins(1);

/// The bucket of sync logs.
#[derive(Clone, Debug)]
pub struct SyncLogs {
    client: Client,
    bucket: String,
}

impl SyncLogs {
    /// Opens the bucket that the environment names.
    ///
    /// # Errors
    /// [`MissingSetting`] when it is not set.
    pub fn from_env(sdk: &SdkConfig) -> Result<Self, MissingSetting> {
        Ok(Self::new(sdk, setting("SYNC_LOGS_BUCKET")?))
    }

    /// Opens the bucket of this name.
    pub fn new(sdk: &SdkConfig, bucket: String) -> Self {
        let config = aws_sdk_s3::config::Builder::from(sdk)
            // A local stand-in has no host name per bucket.
            .force_path_style(sdk.endpoint_url().is_some())
            .interceptor(lambda::aws_requests::S3)
            .timeout_config(lambda::sdk::timeouts(ATTEMPT))
            .build();
        Self {
            client: Client::from_conf(config),
            bucket,
        }
    }

    /// Returns the key of a run's log. It contains the fence of the lease: S3 cannot refuse an
    /// invocation that lost its lease, which must not overwrite the log of the one that ended the run.
    pub fn key(workspace_id: &WorkspaceId, run_id: &RunId, fence: u64) -> String {
        format!("{workspace_id}/{run_id}.{fence}.csv")
    }

    /// Returns the key of a preview's log. S3 deletes all logs with this prefix after a week.
    pub fn preview_key(workspace_id: &WorkspaceId, run_id: &RunId) -> String {
        format!("previews/{workspace_id}/{run_id}.csv")
    }

    /// Stores a log, a CSV file, under `key`.
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

    /// Returns the keys of all objects whose keys begin with `prefix`.
    ///
    /// # Errors
    /// [`StoreError`] when S3 does not answer.
    pub async fn keys(&self, prefix: &str) -> Result<Vec<String>, StoreError> {
        let list = self.client.list_objects_v2().bucket(&self.bucket);
        let mut pages = list.prefix(prefix).into_paginator().send();
        let mut keys = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(StoreError::from_sdk("ListObjectsV2"))?;
            let objects = page.contents.unwrap_or_default();
            keys.extend(objects.into_iter().filter_map(|object| object.key));
        }
        Ok(keys)
    }

    /// Deletes an object, if there is one.
    ///
    /// # Errors
    /// [`StoreError`] when S3 does not answer.
    pub async fn delete(&self, key: &str) -> Result<(), StoreError> {
        let delete = self.client.delete_object().bucket(&self.bucket).key(key);
        let deleted = delete.send().await;
        deleted.map_err(StoreError::from_sdk("DeleteObject"))?;
        Ok(())
    }

    /// Returns a URL from which a log can be downloaded for a minute, as the file that `disposition` (the header)
    /// names. The ids of the user who requested it are part of the signed URL. Because their names begin with `x-`,
    /// they also appear in S3's access log.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be signed.
    pub async fn download_url(
        &self,
        key: &str,
        disposition: &str,
        workspace_id: &WorkspaceId,
        user_id: &UserId,
    ) -> Result<String, StoreError> {
        let unsigned = |error: &dyn std::error::Error| StoreError::Unavailable {
            operation: "GetObject",
            code: "cannot be signed".into(),
            message: error.to_string(),
        };
        let valid = PresigningConfig::expires_in(DOWNLOAD_VALID_FOR).map_err(|e| unsigned(&e))?;
        let requester = format!("&x-kitera-workspace={workspace_id}&x-kitera-user={user_id}");
        let signed = self
            .client
            .get_object()
            .bucket(&self.bucket)
            .key(key)
            .response_content_type("text/csv; charset=utf-8")
            .response_content_disposition(disposition)
            .response_cache_control("no-store")
            .customize()
            // The checksum mode would be a header, which a browser does not send when it follows a
            // URL.
            .config_override(
                aws_sdk_s3::config::Builder::new()
                    .response_checksum_validation(ResponseChecksumValidation::WhenRequired),
            )
            .mutate_request(move |request| {
                let uri = format!("{}{requester}", request.uri());
                // Our ids need no escaping, so the URI is valid.
                let _ = request.set_uri(uri);
            })
            .presigned(valid)
            .await
            .map_err(|e| unsigned(&e))?;
        Ok(signed.uri().to_owned())
    }

    /// Returns a log; `None` if it is not kept any more.
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

    async fn url_for(user: &str) -> String {
        let role = Credentials::new("id", "secret", Some("token".into()), None, "test");
        let sdk = lambda::sdk::with("ap-northeast-1".into(), role).unwrap();
        let (workspace_id, user_id) = (WorkspaceId::new("ws_1"), UserId::new(user));
        SyncLogs::new(&sdk.build(), "logs".into())
            .download_url("ws_1/run.1.csv", "attachment", &workspace_id, &user_id)
            .await
            .unwrap()
    }

    #[tokio::test]
    async fn a_download_url_is_valid_for_a_minute_and_names_the_user_who_asked_for_it() {
        let url = url_for("usr_a").await;
        for part in [
            "https://logs.s3.ap-northeast-1.amazonaws.com/ws_1/run.1.csv?",
            "X-Amz-Security-Token=token",
            "x-kitera-workspace=ws_1",
            "x-kitera-user=usr_a",
            "X-Amz-Expires=60",
            // A browser can follow the URL because no other header is signed.
            "X-Amz-SignedHeaders=host",
            "response-content-disposition=attachment",
        ] {
            assert!(url.contains(part), "{part}: {url}");
        }
        assert!(!url.contains("secret"));

        let signature = |url: &str| {
            let (_, rest) = url.split_once("X-Amz-Signature=").unwrap();
            rest.split('&').next().unwrap().to_owned()
        };
        let other = url_for("usr_b").await;
        assert_ne!(signature(&url), signature(&other), "the user is signed");
    }
}
