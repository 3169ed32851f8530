//! The configuration of the AWS SDK, from what Lambda and the template set in the environment. Profiles and
//! metadata services are not looked for, since a function has none.

use std::time::Duration;

use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
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

/// The timeout that the SDKs recommend within AWS:
/// <https://docs.aws.amazon.com/sdkref/latest/guide/feature-smart-config-defaults.html>.
const CONNECT_TIMEOUT: Duration = Duration::from_millis(3100);

/// After how many attempts that took their whole time a call is given up.
const SLOW_ATTEMPTS: u32 = 4;

/// Returns the timeouts of the calls to a service. An attempt that takes longer than `attempt` counts as failed; by
/// itself the SDK would wait for an answer until Lambda ends the function.
pub fn timeouts(attempt: Duration) -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .operation_attempt_timeout(attempt)
        .operation_timeout(attempt * SLOW_ATTEMPTS)
        .build()
}

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

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use aws_sdk_dynamodb::config::Credentials;
    use aws_sdk_dynamodb::error::SdkError;
    use tokio::net::TcpListener;

    use super::*;

    #[tokio::test]
    async fn a_service_that_never_answers_is_asked_again_and_given_up() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let listening = tokio::spawn(async move {
            let mut silent = Vec::new();
            loop {
                silent.push(listener.accept().await);
            }
        });
        let credentials = Credentials::new("key", "secret", None, None, "test");
        let sdk = with("ap-northeast-1".into(), credentials).unwrap();
        let config = aws_sdk_dynamodb::config::Builder::from(&sdk.endpoint_url(url).build())
            .timeout_config(timeouts(Duration::from_millis(100)))
            .build();
        let began = Instant::now();
        let client = aws_sdk_dynamodb::Client::from_conf(config);
        let answer = client.list_tables().send().await;
        assert!(
            matches!(answer, Err(SdkError::TimeoutError(_))),
            "{answer:?}"
        );
        assert!(began.elapsed() < Duration::from_secs(2));
        listening.abort();
    }
}
