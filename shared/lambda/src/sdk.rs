//! The configuration of the AWS SDK, from what Lambda and the template set in the environment. Profiles and
//! metadata services are not looked for, since a function has none.

use std::time::Duration;

use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::config::{
    BehaviorVersion, ProvideCredentials, Region, SharedCredentialsProvider,
};
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext};
use aws_smithy_http_client::{Connector, HttpClientError};
use aws_smithy_runtime_api::client::http::{
    HttpConnectorSettings, SharedHttpClient, SharedHttpConnector, http_client_fn,
};
use aws_types::SdkConfig;
use aws_types::sdk_config::Builder;

use crate::config::{MissingSetting, setting};
use crate::trust_store::{InvalidCaBundle, trusted};

pub use crate::role_credentials::FromEnvironment;

/// The timeout that the SDKs recommend within AWS: <https://docs.aws.amazon.com/sdkref/latest/guide/feature-smart-config-defaults.html>.
const CONNECT_TIMEOUT: Duration = Duration::from_millis(3100);

/// Why the SDK cannot be configured.
#[derive(Debug, thiserror::Error)]
pub enum SdkSetupError {
    /// The region is not set.
    #[error(transparent)]
    Setting(#[from] MissingSetting),
    /// The file that `AWS_CA_BUNDLE` names cannot be used.
    #[error(transparent)]
    Roots(#[from] InvalidCaBundle),
    /// TLS cannot be set up.
    #[error(transparent)]
    Tls(#[from] HttpClientError),
}

/// Returns the configuration of all AWS clients, which share one pool of connections. `AWS_ENDPOINT_URL` is the
/// URL of a stand-in; empty means AWS itself. A call is retried up to twice, with exponential backoff.
///
/// # Errors
/// [`SdkSetupError`] without a region, or with an `AWS_CA_BUNDLE` that cannot be used.
pub fn from_env() -> Result<SdkConfig, SdkSetupError> {
    let sdk = with(setting("AWS_REGION")?, FromEnvironment)?;
    let endpoint = std::env::var("AWS_ENDPOINT_URL").ok();
    Ok(match endpoint.filter(|endpoint| !endpoint.is_empty()) {
        Some(endpoint) => sdk.endpoint_url(endpoint).build(),
        None => sdk.build(),
    })
}

/// Returns the configuration of clients that call this region with these credentials.
///
/// # Errors
/// [`SdkSetupError`] with an `AWS_CA_BUNDLE` that cannot be used.
pub fn with(
    region: String,
    credentials: impl ProvideCredentials + 'static,
) -> Result<Builder, SdkSetupError> {
    Ok(SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(region))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .retry_config(RetryConfig::standard())
        .http_client(http_client()?))
}

/// Returns one connector for all clients; by default each client would create its own.
fn http_client() -> Result<SharedHttpClient, SdkSetupError> {
    let tls = TlsContext::builder().with_trust_store(trusted()?).build()?;
    let settings = HttpConnectorSettings::builder().connect_timeout(CONNECT_TIMEOUT);
    let connector = Connector::builder()
        .tls_provider(Provider::rustls(CryptoMode::AwsLc))
        .tls_context(tls)
        .connector_settings(settings.build())
        .build();
    let connector = SharedHttpConnector::new(connector);
    Ok(http_client_fn(move |_, _| connector.clone()))
}
