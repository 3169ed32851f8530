//! A database for tests, over HTTP through the real SDK, with the keys and indexes of the tables in
//! `infra/template.yaml`.

use std::time::Duration;

use aws_sdk_dynamodb::config::Credentials;
use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection,
    ProjectionType, ScalarAttributeType,
};
use aws_types::SdkConfig;

use crate::error::StoreError;
use crate::store::Store;
use crate::tables::Tables;
use lambda::sdk::SdkSetupError;

/// Returns names of tables that begin with `prefix`.
pub fn table_names(prefix: &str) -> Tables {
    let name = |table: &str| format!("{prefix}{table}");
    Tables {
        workspaces: name("workspaces"),
        users: name("users"),
        identifiers: name("identifiers"),
        runs: name("runs"),
        outbox: name("outbox"),
        sessions: name("sessions"),
        webhooks: name("webhooks"),
        audit: name("audit"),
    }
}

/// Starts an empty database in memory, which lives as long as the runtime. Returns its SDK configuration
/// as well.
///
/// # Errors
/// [`StoreError`] when it does not start.
pub async fn database() -> Result<(Store, SdkConfig), StoreError> {
    let not_started = |why: String| StoreError::Corrupt {
        what: "database for tests",
        why,
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .map_err(|error| not_started(error.to_string()))?;
    let address = listener
        .local_addr()
        .map_err(|error| not_started(error.to_string()))?;
    let memory = dynoxide::Database::memory().map_err(|error| not_started(error.to_string()))?;
    tokio::spawn(dynoxide::server::serve_on(listener, memory));
    let sdk =
        sdk_config(&format!("http://{address}")).map_err(|error| not_started(error.to_string()))?;
    let store = Store::new(&sdk, table_names(""));
    store.create_tables().await?;
    Ok((store, sdk))
}

/// Returns the SDK configuration of a stand-in for AWS at `endpoint`. Calls are repeated as often as in AWS,
/// after shorter waits.
///
/// # Errors
/// [`SdkSetupError`] when `AWS_CA_BUNDLE` cannot be used.
pub fn sdk_config(endpoint: &str) -> Result<SdkConfig, SdkSetupError> {
    let credentials = Credentials::new("test", "test", None, None, "test");
    let sdk = lambda::sdk::with("ap-northeast-1".into(), credentials)?;
    let retries = RetryConfig::standard().with_initial_backoff(Duration::from_millis(20));
    Ok(sdk.endpoint_url(endpoint).retry_config(retries).build())
}

/// A table to be created: its name, its keys, and the name, keys and projection of its index.
type Table<'a> = (
    &'a str,
    [&'a str; 2],
    Option<(&'a str, [&'a str; 2], ProjectionType)>,
);

impl Store {
    /// Creates the tables of this store.
    ///
    /// # Errors
    /// [`StoreError`] when the database refuses.
    pub async fn create_tables(&self) -> Result<(), StoreError> {
        let Tables {
            workspaces,
            users,
            identifiers,
            runs,
            outbox,
            sessions,
            webhooks,
            audit,
        } = &self.tables;
        let enabled = ("enabled", ["enabled", "pk"], ProjectionType::KeysOnly);
        let waiting = ("waiting", ["waiting", "created_at"], ProjectionType::All);
        let user = ("user", ["user", "created_at"], ProjectionType::All);
        let tables: [Table<'_>; 8] = [
            (workspaces, ["pk", "sk"], Some(enabled)),
            (users, ["workspace_id", "user_id"], None),
            (identifiers, ["identifier", "workspace_id"], None),
            (runs, ["pk", "sk"], None),
            (outbox, ["workspace_id", "mail_id"], Some(waiting)),
            (sessions, ["key", ""], Some(user)),
            (webhooks, ["pk", "sk"], None),
            (audit, ["pk", "sk"], None),
        ];
        for table in tables {
            self.create_table(table).await?;
        }
        Ok(())
    }

    async fn create_table(&self, (name, keys, index): Table<'_>) -> Result<(), StoreError> {
        let mut attributes: Vec<&str> = keys.to_vec();
        attributes.extend(index.iter().flat_map(|(_, keys, _)| keys));
        attributes.retain(|attribute| !attribute.is_empty());
        attributes.sort_unstable();
        attributes.dedup();
        let mut create = self
            .db
            .create_table()
            .table_name(name)
            .billing_mode(BillingMode::PayPerRequest)
            .set_key_schema(Some(key_schema(keys)?));
        for attribute in attributes {
            let definition = AttributeDefinition::builder()
                .attribute_name(attribute)
                .attribute_type(ScalarAttributeType::S)
                .build()
                .map_err(StoreError::invalid_request)?;
            create = create.attribute_definitions(definition);
        }
        if let Some((index_name, keys, projection)) = index {
            let index = GlobalSecondaryIndex::builder()
                .index_name(index_name)
                .set_key_schema(Some(key_schema(keys)?))
                .projection(Projection::builder().projection_type(projection).build())
                .build()
                .map_err(StoreError::invalid_request)?;
            create = create.global_secondary_indexes(index);
        }
        create
            .send()
            .await
            .map_err(StoreError::from_sdk("CreateTable"))?;
        Ok(())
    }
}

fn key_schema(keys: [&str; 2]) -> Result<Vec<KeySchemaElement>, StoreError> {
    keys.into_iter()
        .zip([KeyType::Hash, KeyType::Range])
        .filter(|(key, _)| !key.is_empty())
        .map(|(key, kind)| {
            KeySchemaElement::builder()
                .attribute_name(key)
                .key_type(kind)
                .build()
                .map_err(StoreError::invalid_request)
        })
        .collect()
}
