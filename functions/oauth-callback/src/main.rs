//! The function: its clients, and the requests of API Gateway.

use std::sync::Arc;

use access::Random;
use integration::Integrations;
use oauth_callback::router;

#[tokio::main]
async fn main() -> Result<(), lambda_http::Error> {
    lambda_http::tracing::init_default_subscriber();
    let sdk = aws::config::sdk_config().await;
    let integrations = Integrations::from_env(&sdk, Arc::new(Random::os()), aws::clock::now)?;
    lambda_http::run(router(Arc::new(integrations))).await
}
