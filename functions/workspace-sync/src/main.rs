//! The Lambda function workspace-sync: runs of workspaces, requested by messages of the queue or by an
//! operator who invokes the function. The crate `sync` has the run itself.

mod connection_order;
mod handler;
mod request;
mod run_metrics;
mod run_summary;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use connection::Connections;
use credentials::Random;
use lambda::log_lines;
use lambda::sdk;
use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use storage::Store;
use storage::queues::Queues;
use storage::secrets::Secrets;
use storage::sync_logs::SyncLogs;
use storage::tables::Tables;
use sync::Runner;

#[tokio::main]
async fn main() -> Result<(), Error> {
    log_lines::begin();
    let sdk = sdk::from_env()?;
    let random = Arc::new(Random::os());
    let runner = Runner {
        store: Store::new(&sdk, Tables::from_env()?),
        queues: Queues::from_env(&sdk)?,
        logs: SyncLogs::from_env(&sdk)?,
        secrets: Secrets::from_env(&sdk)?,
        connections: Arc::new(Connections::from_env(
            &sdk,
            random.clone(),
            lambda::clock::now,
        )?),
        random,
        clock: lambda::clock::now,
    };
    run(service_fn(|event: LambdaEvent<request::Request>| {
        // The future of a whole run is large, so it lives on the heap.
        Box::pin(handler::handle(&runner, event))
    }))
    .await
}
