//! The function: its clients, and the requests of API Gateway.

use std::sync::Arc;

use access::Random;
use admin_api::{App, router};
use aws::logs::Logs;
use aws::{log_lines, sdk};
use integration::Integrations;
use web::serve;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    log_lines::begin();
    let sdk = sdk::from_env()?;
    let random = Arc::new(Random::os());
    let app = App {
        integrations: Arc::new(Integrations::from_env(&sdk, random, aws::clock::now)?),
        logs: Logs::from_env(&sdk)?,
    };
    serve(router(app)).await
}
