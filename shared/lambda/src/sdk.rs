//! How AWS is reached: by what Lambda and the template put into the environment, and by nothing else. No profile,
//! metadata service or sign-in is looked for, as there is none in a function.

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
use crate::role_credentials::FromEnvironment;
use crate::trust_store::{InvalidCaBundle, trusted};

/// What the SDKs agree on for a connection to AWS: <https://docs.aws.amazon.com/sdkref/latest/guide/feature-smart-config-defaults.html>.
const CONNECT_TIMEOUT: Duration = Duration::from_millis(3100);

/// Why AWS cannot be reached from here.
#[derive(Debug, thiserror::Error)]
pub enum SdkSetupError {
    /// Lambda sets it for every function.
    #[error(transparent)]
    Setting(#[from] MissingSetting),
    /// `AWS_CA_BUNDLE` is of no use.
    #[error(transparent)]
    Roots(#[from] InvalidCaBundle),
    /// TLS cannot be set up.
    #[error(transparent)]
    Tls(#[from] HttpClientError),
}

/// Region, credentials and end points for the AWS clients, which share one pool of connections. `AWS_ENDPOINT_URL`
/// points them at a stand-in; empty means AWS itself. Calls are repeated up to twice, with exponential waits.
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

/// Returns a configuration that calls this region with these credentials.
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

/// One connector for all clients. Each of them would otherwise make its own at once, to see that it can.
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
