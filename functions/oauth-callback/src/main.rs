//! The function: its clients, and the requests of API Gateway.

use std::sync::Arc;

use access::Random;
use aws::{log_lines, sdk};
use integration::Integrations;
use oauth_callback::router;
use web::serve;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    log_lines::begin();
    let sdk = sdk::from_env()?;
    let integrations = Integrations::from_env(&sdk, Arc::new(Random::os()), aws::clock::now)?;
    serve(router(Arc::new(integrations))).await
}
