//! The clients and configuration that all connections share.

use std::sync::Arc;

use credentials::Random;
use jiff::Timestamp;
use lambda::SdkConfig;
use lambda::config::{MissingSetting, setting};
use smarthr::{Client, Endpoints, SmartHrError, Tuning};
use storage::Store;
use storage::queues::Queues;
use storage::secrets::Secrets;
use storage::tables::Tables;

/// Returns the present time; tests use a clock that stands still.
pub type Clock = fn() -> Timestamp;

/// The connections of all workspaces. Build one per process.
#[derive(Clone, Debug)]
pub struct Connections {
    /// The database, with the connections' records.
    pub store: Store,
    /// Secrets Manager, with SmartHR's tokens.
    pub secrets: Secrets,
    /// The queues of runs and mails.
    pub queues: Queues,
    /// The client of SmartHR.
    pub smarthr: Client,
    /// The source of OAuth states and lock owners.
    pub random: Arc<Random>,
    /// The clock that sessions, states and locks expire by.
    pub clock: Clock,
    /// `PUBLIC_BASE_URL`: the address of the product, without a slash at its end.
    pub public_base_url: String,
}

/// Why a function cannot start.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// An environment variable is missing.
    #[error(transparent)]
    Setting(#[from] MissingSetting),
    /// The addresses of SmartHR are no HTTP addresses.
    #[error(transparent)]
    SmartHr(#[from] SmartHrError),
}

impl Connections {
    /// Reads names and addresses from the environment.
    ///
    /// # Errors
    /// [`SetupError`].
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

    /// Returns the address that SmartHR sends admins back to.
    pub(crate) fn redirect_uri(&self) -> String {
        format!("{}/smarthr/callback", self.public_base_url)
    }
}
