//! The Lambda function mail-feedback: builds its clients and handles the events of its queue.

use lambda::deadline::deadline;
use lambda::log_lines;
use lambda::sdk;
use lambda::sqs_batch::SqsEvent;
use lambda_runtime::{Error, LambdaEvent, service_fn};
use mail_feedback::handle;
use storage::Store;
use storage::tables::Tables;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    log_lines::begin();
    let sdk = sdk::from_env()?;
    let store = Store::new(&sdk, Tables::from_env()?);
    lambda_runtime::run(service_fn(|event: LambdaEvent<SqsEvent>| {
        let store = store.clone();
        async move {
            let ends_at = deadline(event.context.deadline);
            Ok::<_, Error>(handle(&store, event.payload.records, ends_at).await)
        }
    }))
    .await
}
