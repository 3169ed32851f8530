//! 02:00 Japan time: one message per enabled workspace.

mod handler;

use aws::Store;
use aws::config::{Tables, sdk_config};
use aws::queues::Queues;
use lambda_runtime::{Error, LambdaEvent, run, service_fn, tracing};

use crate::handler::{Dispatcher, Schedule};

#[tokio::main]
async fn main() -> Result<(), Error> {
    tracing::init_default_subscriber();
    let sdk = sdk_config().await;
    let dispatcher = Dispatcher {
        store: Store::new(&sdk, Tables::from_env()?),
        queues: Queues::from_env(&sdk)?,
        clock: aws::clock::now,
    };
    run(service_fn(|event: LambdaEvent<Schedule>| {
        dispatcher.handle(event.payload)
    }))
    .await
}
