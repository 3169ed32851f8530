//! The Lambda function nightly-sync: at 02:00 Japan time it dispatches a run of every enabled
//! workspace.

mod handler;

use lambda::log_lines;
use lambda::sdk;
use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use storage::Store;
use storage::queues::Queues;
use storage::tables::Tables;

use crate::handler::{Dispatcher, Schedule};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    log_lines::begin();
    let sdk = sdk::from_env()?;
    let dispatcher = Dispatcher {
        store: Store::new(&sdk, Tables::from_env()?),
        queues: Queues::from_env(&sdk)?,
        clock: lambda::clock::now,
    };
    run(service_fn(|event: LambdaEvent<Schedule>| {
        dispatcher.handle(event.payload)
    }))
    .await
}
