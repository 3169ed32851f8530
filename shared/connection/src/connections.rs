//! What it takes to look after the links of all workspaces.

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

/// Tells the time.
pub type Clock = fn() -> Timestamp;

/// The links of all workspaces. Build one per process.
#[derive(Clone, Debug)]
pub struct Connections {
    /// Where the links and their settings are.
    pub store: Store,
    /// Where tokens are.
    pub secrets: Secrets,
    /// Where mails are asked for.
    pub queues: Queues,
    /// SmartHR.
    pub smarthr: Client,
    /// For OAuth states and locks.
    pub random: Arc<Random>,
    /// The time.
    pub clock: Clock,
    /// `PUBLIC_BASE_URL`, without a slash at its end.
    pub public_base_url: String,
}

/// Why a function cannot start.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// The environment is not complete.
    #[error(transparent)]
    Setting(#[from] MissingSetting),
    /// The addresses of SmartHR are unusable.
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

    /// Where SmartHR sends admins back to.
    pub(crate) fn redirect_uri(&self) -> String {
        format!("{}/smarthr/callback", self.public_base_url)
    }
}
