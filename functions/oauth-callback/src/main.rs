//! The Lambda function oauth-callback: builds its clients and serves the requests of API Gateway.

use std::sync::Arc;

use connection::Connections;
use credentials::Random;
use lambda::log_lines;
use lambda::sdk;
use oauth_callback::router;
use web::serve;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    log_lines::begin();
    let sdk = sdk::from_env()?;
    let connections = Connections::from_env(&sdk, Arc::new(Random::os()), lambda::clock::now)?;
    serve(router(Arc::new(connections))).await
}
