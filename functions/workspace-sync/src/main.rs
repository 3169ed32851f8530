//! One workspace's run: from the queue, or invoked by hand with the workspace's id.

mod deadline;
mod handler;
mod measure;
mod request;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use access::Random;
use aws::config::Tables;
use aws::logs::Logs;
use aws::queues::Queues;
use aws::secrets::Secrets;
use aws::{Store, log_lines, sdk};
use integration::Integrations;
use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use sync::Runner;

#[tokio::main]
async fn main() -> Result<(), Error> {
    log_lines::begin();
    let sdk = sdk::from_env()?;
    let random = Arc::new(Random::os());
    let runner = Runner {
        store: Store::new(&sdk, Tables::from_env()?),
        queues: Queues::from_env(&sdk)?,
        logs: Logs::from_env(&sdk)?,
        secrets: Secrets::from_env(&sdk)?,
        integrations: Arc::new(Integrations::from_env(
            &sdk,
            random.clone(),
            aws::clock::now,
        )?),
        random,
        clock: aws::clock::now,
    };
    run(service_fn(|event: LambdaEvent<request::Request>| {
        // A whole run is a large future: on the heap.
        Box::pin(handler::handle(&runner, event))
    }))
    .await
}
