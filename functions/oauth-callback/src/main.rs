//! Where SmartHR sends an admin back to after the consent: `GET /smarthr/callback`.

mod handler;
mod pages;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use access::Random;
use integration::Integrations;

#[tokio::main]
async fn main() -> Result<(), lambda_http::Error> {
    lambda_http::tracing::init_default_subscriber();
    let sdk = aws::config::sdk_config().await;
    let integrations = Integrations::from_env(&sdk, Arc::new(Random::os()), aws::clock::now)?;
    lambda_http::run(handler::router(Arc::new(integrations))).await
}
