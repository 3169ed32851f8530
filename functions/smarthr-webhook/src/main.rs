//! The Lambda function smarthr-webhook: builds its clients and serves the requests of API Gateway.

use lambda::log_lines;
use lambda::sdk;
use smarthr_webhook::{Receiver, router};
use storage::Store;
use storage::queues::Queues;
use storage::tables::Tables;
use web::serve;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    log_lines::begin();
    let sdk = sdk::from_env()?;
    let receiver = Receiver {
        store: Store::new(&sdk, Tables::from_env()?),
        queues: Queues::from_env(&sdk)?,
        clock: lambda::clock::now,
    };
    serve(router(receiver)).await
}
