//! What it takes to look after the links of all workspaces.

use std::sync::Arc;

use access::Random;
use aws::SdkConfig;
use aws::Store;
use aws::config::{MissingSetting, Tables, setting};
use aws::queues::Queues;
use aws::secrets::Secrets;
use jiff::Timestamp;
use smarthr::{Client, Endpoints, SmartHrError, Tuning};

/// Tells the time.
pub type Clock = fn() -> Timestamp;

/// The links of all workspaces. Build one per process.
#[derive(Clone, Debug)]
pub struct Integrations {
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
pub enum StartError {
    /// The environment is not complete.
    #[error(transparent)]
    Setting(#[from] MissingSetting),
    /// The addresses of SmartHR are unusable.
    #[error(transparent)]
    SmartHr(#[from] SmartHrError),
}

impl Integrations {
    /// Reads names and addresses from the environment.
    ///
    /// # Errors
    /// [`StartError`].
    pub fn from_env(
        sdk: &SdkConfig,
        random: Arc<Random>,
        clock: Clock,
    ) -> Result<Self, StartError> {
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
