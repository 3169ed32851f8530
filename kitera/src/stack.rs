//! The deployed stack: its tables and functions, as the outputs of its template name them.

use std::collections::HashMap;

use aws_credential_types::Credentials;
use aws_sdk_lambda::config::StalledStreamProtectionConfig;
use aws_sdk_lambda::config::retry::RetryConfig;
use lambda::SdkConfig;
use lambda::sdk::{self, FromEnvironment};
use storage::Store;
use storage::queues::{QueueUrls, Queues};
use storage::secrets::{SecretNames, Secrets};
use storage::sync_logs::SyncLogs;
use storage::tables::Tables;

use crate::error::KiteraError;
use crate::table_copies::TableCopies;

/// The name of the stack that `make run` deploys.
const LOCAL: &str = "local";
/// Where our stacks are, unless the environment names another region.
const REGION: &str = "ap-northeast-1";

/// A stack, in AWS or on this machine.
#[derive(Debug)]
pub(crate) struct Stack {
    name: String,
    outputs: HashMap<String, String>,
    sdk: SdkConfig,
}

impl Stack {
    /// Opens the stack of this name; `None` is the one on this machine.
    ///
    /// # Errors
    /// [`KiteraError`] when there is no such stack, or it may not be read.
    pub(crate) async fn open(name: Option<String>) -> Result<Self, KiteraError> {
        let region = set("AWS_REGION").or_else(|| set("AWS_DEFAULT_REGION"));
        let region = region.unwrap_or_else(|| REGION.to_owned());
        let endpoint = set("AWS_ENDPOINT_URL");
        let sdk = match (&name, &endpoint) {
            (Some(_), _) => sdk::with(region.clone(), FromEnvironment)?,
            (None, Some(_)) => {
                let owner = Credentials::new("test", "test", None, None, "local");
                sdk::with(region.clone(), owner)?
            }
            (None, None) => return Err(KiteraError::NoStack),
        };
        let sdk = match endpoint {
            Some(endpoint) => sdk.endpoint_url(endpoint).build(),
            None => sdk.build(),
        };
        let name = name.unwrap_or_else(|| LOCAL.to_owned());
        let outputs = outputs(&sdk, &name, &region).await?;
        Ok(Self { name, outputs, sdk })
    }

    /// Returns an output of the template, such as `UsersTable`.
    ///
    /// # Errors
    /// [`KiteraError::Output`] when the stack has none of this name.
    pub(crate) fn output(&self, name: &'static str) -> Result<&str, KiteraError> {
        let output = self.outputs.get(name);
        output.map(String::as_str).ok_or(KiteraError::Output(name))
    }

    /// Returns the stack's name, with which the names of its functions begin.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Returns the client of Lambda, which waits for an answer as long as a function may take.
    pub(crate) fn lambda(&self) -> aws_sdk_lambda::Client {
        let config = aws_sdk_lambda::config::Builder::from(&self.sdk)
            .retry_config(RetryConfig::disabled())
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
            .build();
        aws_sdk_lambda::Client::from_conf(config)
    }

    /// Returns the tables and what their copies are called.
    ///
    /// # Errors
    /// [`KiteraError::Output`] when the stack does not name its tables.
    pub(crate) fn table_copies<'a>(
        &'a self,
        suffix: &'a str,
    ) -> Result<TableCopies<'a>, KiteraError> {
        let tables: Result<_, _> = TABLES.iter().map(|name| self.output(name)).collect();
        Ok(TableCopies {
            client: aws_sdk_dynamodb::Client::new(&self.sdk),
            tables: tables?,
            suffix,
        })
    }

    /// Returns whether a function takes messages of a queue, so that it may write.
    ///
    /// # Errors
    /// [`KiteraError`] when Lambda does not answer.
    pub(crate) async fn may_write(&self) -> Result<bool, KiteraError> {
        let mut mappings = self
            .lambda()
            .list_event_source_mappings()
            .into_paginator()
            .items()
            .send();
        let ours = format!(":{}-", self.name);
        while let Some(mapping) = mappings.next().await {
            let mapping =
                mapping.map_err(|error| KiteraError::not_invoked("a queue's function", &error))?;
            let function = mapping.function_arn.unwrap_or_default();
            let is_off = matches!(mapping.state.as_deref(), Some("Disabled" | "Disabling"));
            if function.contains(&ours) && !is_off {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Returns the bucket of sync logs.
    ///
    /// # Errors
    /// [`KiteraError::Output`] when the stack does not name it.
    pub(crate) fn logs(&self) -> Result<SyncLogs, KiteraError> {
        let bucket = self.output("SyncLogsBucket")?.to_owned();
        Ok(SyncLogs::new(&self.sdk, bucket))
    }

    /// Returns the secrets of the workspaces: SmartHR's tokens, and client secrets at identity providers.
    ///
    /// # Errors
    /// [`KiteraError::Output`] when the stack does not name its stage.
    pub(crate) fn secrets(&self) -> Result<Secrets, KiteraError> {
        let stage = self.output("Environment")?;
        let names = SecretNames {
            tokens_prefix: format!("kitera/{stage}/smarthr-tokens/"),
            tokens_key_id: None,
            client_secret_id: self.output("SmartHrClientSecretArn")?.to_owned(),
            derivation_key_id: self.output("DerivationKeySecretArn")?.to_owned(),
            sso_prefix: format!("kitera/{stage}/sso/"),
            chat_prefix: format!("kitera/{stage}/chat/"),
        };
        Ok(Secrets::new(&self.sdk, names))
    }

    /// Returns the queues.
    ///
    /// # Errors
    /// [`KiteraError::Output`] when the stack does not name them.
    pub(crate) fn queues(&self) -> Result<Queues, KiteraError> {
        let url = |name| self.output(name).map(ToOwned::to_owned);
        let urls = QueueUrls {
            sync: url("SyncQueueUrl")?,
            manual_sync: url("ManualSyncQueueUrl")?,
            mail: url("MailQueueUrl")?,
        };
        Ok(Queues::new(&self.sdk, urls))
    }

    /// Returns the database.
    ///
    /// # Errors
    /// [`KiteraError::Output`] when the stack does not name its tables.
    pub(crate) fn store(&self) -> Result<Store, KiteraError> {
        let tables = tables(|name| self.output(name).map(ToOwned::to_owned))?;
        Ok(Store::new(&self.sdk, tables))
    }

    /// Returns the database that was restored beside the one in use, under names that end with `suffix`.
    ///
    /// # Errors
    /// [`KiteraError::Output`] when the stack does not name its tables.
    pub(crate) fn restored_store(&self, suffix: &str) -> Result<Store, KiteraError> {
        let table = |name| Ok::<_, KiteraError>(self.output(name)?.to_owned() + suffix);
        Ok(Store::new(&self.sdk, tables(table)?))
    }
}

/// The outputs that name the tables.
const TABLES: [&str; 8] = [
    "WorkspacesTable",
    "UsersTable",
    "IdentifiersTable",
    "RunsTable",
    "OutboxTable",
    "AuditTable",
    "WebhooksTable",
    "SessionsTable",
];

fn tables(
    name: impl Fn(&'static str) -> Result<String, KiteraError>,
) -> Result<Tables, KiteraError> {
    Ok(Tables {
        workspaces: name("WorkspacesTable")?,
        users: name("UsersTable")?,
        identifiers: name("IdentifiersTable")?,
        runs: name("RunsTable")?,
        outbox: name("OutboxTable")?,
        sessions: name("SessionsTable")?,
        webhooks: name("WebhooksTable")?,
        audit: name("AuditTable")?,
    })
}

/// Returns a variable of the environment that is set and not empty.
fn set(variable: &str) -> Option<String> {
    let value = std::env::var(variable).ok();
    value.filter(|value| !value.is_empty())
}

async fn outputs(
    sdk: &SdkConfig,
    stack: &str,
    region: &str,
) -> Result<HashMap<String, String>, KiteraError> {
    let client = aws_sdk_cloudformation::Client::new(sdk);
    let described = client.describe_stacks().stack_name(stack).send().await;
    let described = described.map_err(|error| KiteraError::stack(stack, region, &error))?;
    let stacks = described.stacks.unwrap_or_default();
    let outputs = stacks
        .into_iter()
        .flat_map(|stack| stack.outputs.unwrap_or_default());
    Ok(outputs
        .filter_map(|output| output.output_key.zip(output.output_value))
        .collect())
}
