//! Reads the tables of runs and mails.

use std::collections::HashMap;

use aws_sdk_dynamodb::config::{BehaviorVersion, Region};
use aws_sdk_dynamodb::types::AttributeValue;
use aws_sdk_dynamodb::{Client, Config};
use serde_json::Value;

use crate::Error;
use crate::deployment::Deployment;
use crate::ministack::{REGION, credentials};

/// The stack's tables of runs and mails, which show whether a run or a delivery is finished.
#[derive(Debug, Clone)]
pub(crate) struct Tables {
    client: Client,
    runs: String,
    outbox: String,
}

impl Tables {
    /// Returns the tables of a deployment at `endpoint`, ministack's address.
    ///
    /// # Errors
    /// The deployment has no such tables.
    pub(crate) fn new(endpoint: &str, deployment: &Deployment) -> Result<Self, Error> {
        let config = Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .endpoint_url(endpoint)
            .region(Region::new(REGION))
            .credentials_provider(credentials())
            .http_client(aws_smithy_http_client::Builder::new().build_http())
            .build();
        Ok(Self {
            client: Client::from_conf(config),
            runs: deployment.output("RunsTable")?.to_owned(),
            outbox: deployment.output("OutboxTable")?.to_owned(),
        })
    }

    /// Returns a run's record; `None` until the run is over.
    ///
    /// # Errors
    /// The table cannot be read.
    pub(crate) async fn finished_run(
        &self,
        workspace_id: &str,
        run_id: &str,
    ) -> Result<Option<Value>, Error> {
        let record = self
            .client
            .get_item()
            .table_name(&self.runs)
            .key("pk", AttributeValue::S(workspace_id.to_owned()))
            .key("sk", AttributeValue::S(run_id.to_owned()))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| unreadable(&self.runs, error))?
            .item;
        record
            .filter(is_finished)
            .map(|record| {
                serde_dynamo::from_item(record).map_err(|error| unreadable(&self.runs, error))
            })
            .transpose()
    }

    /// Returns whether the outbox has a mail that is not sent yet.
    ///
    /// # Errors
    /// The table cannot be read.
    pub(crate) async fn has_waiting_mail(&self) -> Result<bool, Error> {
        // This index contains only mails that are not sent yet.
        let waiting = self
            .client
            .scan()
            .table_name(&self.outbox)
            .index_name("waiting")
            .limit(1)
            .send()
            .await
            .map_err(|error| unreadable(&self.outbox, error))?;
        Ok(waiting.count > 0)
    }
}

/// Returns whether a run ended, or waits for hours because SmartHR is unavailable.
fn is_finished(record: &HashMap<String, AttributeValue>) -> bool {
    let outcome = record
        .get("outcome")
        .and_then(|outcome| outcome.as_s().ok());
    outcome.is_some_and(|outcome| outcome != "running") || record.contains_key("retry")
}

/// Returns an error with all causes of an SDK error, whose own text has little information.
fn unreadable(table: &str, error: impl std::error::Error) -> Error {
    let mut reason = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        reason.push_str(": ");
        reason.push_str(&error.to_string());
        cause = error.source();
    }
    Error::Table {
        table: table.to_owned(),
        reason,
    }
}
