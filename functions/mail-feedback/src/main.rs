//! The Lambda function mail-feedback. Bounces and complaints go from SES over SNS and SQS to the user's
//! open invitation, where admins read that the mail did not arrive or was reported as spam.

mod event;
mod handler;
mod reputation;
#[cfg(test)]
mod tests;

use lambda::log_lines;
use lambda::sdk;
use lambda::sqs_batch::SqsEvent;
use lambda_runtime::{Error, LambdaEvent, service_fn};
use storage::Store;
use storage::tables::Tables;

use crate::handler::handle;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    log_lines::begin();
    let sdk = sdk::from_env()?;
    let store = Store::new(&sdk, Tables::from_env()?);
    lambda_runtime::run(service_fn(|event: LambdaEvent<SqsEvent>| {
        let store = store.clone();
        async move { Ok::<_, Error>(handle(&store, event.payload.records).await) }
    }))
    .await
}
