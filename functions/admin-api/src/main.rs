//! The function: its clients, and the requests of API Gateway.

use std::sync::Arc;

use access::Random;
use admin_api::{App, router};
use aws::logs::Logs;
use integration::Integrations;

#[tokio::main]
async fn main() -> Result<(), lambda_http::Error> {
    lambda_http::tracing::init_default_subscriber();
    let sdk = aws::config::sdk_config().await;
    let random = Arc::new(Random::os());
    let app = App {
        integrations: Arc::new(Integrations::from_env(&sdk, random, aws::clock::now)?),
        logs: Logs::from_env(&sdk)?,
    };
    lambda_http::run(router(app)).await
}
