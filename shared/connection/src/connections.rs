//! The clients and configuration that all connections share.

use std::sync::Arc;

use credentials::Random;
use domain::{AuditAction, AuditEvent, Author, Workspace, WorkspaceId};
use jiff::Timestamp;
use lambda::SdkConfig;
use lambda::config::{MissingSetting, setting};
use smarthr::{Client, Endpoints, SmartHrError, Tuning};
use storage::queues::Queues;
use storage::secrets::Secrets;
use storage::tables::Tables;
use storage::{Store, StoreError};

/// A function that returns the current time; tests use a fixed clock.
pub type Clock = fn() -> Timestamp;

/// Operations on the connections of all workspaces. Build one per process.
#[derive(Clone, Debug)]
pub struct Connections {
    /// The database, with the connections' records.
    pub store: Store,
    /// Secrets Manager, which holds SmartHR's tokens.
    pub secrets: Secrets,
    /// The queues for runs and mails.
    pub queues: Queues,
    /// The HTTP client for SmartHR.
    pub smarthr: Client,
    /// The source of OAuth states and lock owners.
    pub random: Arc<Random>,
    /// The clock that tokens, states and locks expire by.
    pub clock: Clock,
    /// `PUBLIC_BASE_URL`: the address of the product, without a trailing slash.
    pub public_base_url: String,
}

/// The reason why a function cannot start.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// An environment variable is missing.
    #[error(transparent)]
    Setting(#[from] MissingSetting),
    /// The configured addresses of SmartHR are not HTTP addresses.
    #[error(transparent)]
    SmartHr(#[from] SmartHrError),
}

impl Connections {
    /// Creates the clients from the names and addresses in the environment.
    ///
    /// # Errors
    /// [`SetupError`] when a variable is missing or an address is not valid.
    pub fn from_env(
        sdk: &SdkConfig,
        random: Arc<Random>,
        clock: Clock,
    ) -> Result<Self, SetupError> {
        let endpoints = Endpoints {
            api_base: setting("SMARTHR_API_BASE_URL")?,
            oauth_base: setting("SMARTHR_OAUTH_BASE_URL")?,
        };
        let jitter = Arc::clone(&random);
        Ok(Self {
            store: Store::new(sdk, Tables::from_env()?),
            secrets: Secrets::from_env(sdk)?,
            queues: Queues::from_env(sdk)?,
            smarthr: Client::new(endpoints, Tuning::default(), move || jitter.jitter())?,
            random,
            clock,
            public_base_url: setting("PUBLIC_BASE_URL")?,
        })
    }

    /// Returns the event of a change that is made now.
    pub(crate) fn event(&self, by: &Author, action: AuditAction) -> AuditEvent {
        AuditEvent::new(by, action, (self.clock)())
    }

    /// Returns the OAuth redirect URI, which SmartHR sends admins back to.
    pub(crate) fn redirect_uri(&self) -> String {
        format!("{}/smarthr/callback", self.public_base_url)
    }

    /// Returns the workspace, which is known to exist.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer, or the workspace is not there.
    pub(crate) async fn workspace(
        &self,
        workspace_id: &WorkspaceId,
    ) -> Result<Workspace, StoreError> {
        self.store
            .workspace(workspace_id)
            .await?
            .ok_or(StoreError::Corrupt {
                what: "workspace",
                why: "it is not there".into(),
            })
    }
}
