//! The Lambda function erase-person: erases one person who asks for it (APPI) from tables and logs, and
//! erases everybody on the erasure list again after a restore. The operator invokes it by hand; it has
//! no HTTP route.

mod erasure_list;
mod error;
mod event;
mod find;
mod handler;
mod logs;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use lambda::deadline::deadline;
use lambda::log_lines;
use lambda::sdk;
use lambda_runtime::{Error, LambdaEvent, service_fn};
use storage::Store;
use storage::sync_logs::SyncLogs;
use storage::tables::Tables;

use crate::handler::Eraser;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    log_lines::begin();
    let sdk = sdk::from_env()?;
    let eraser = Arc::new(Eraser {
        store: Store::new(&sdk, Tables::from_env()?),
        logs: SyncLogs::from_env(&sdk)?,
    });
    lambda_runtime::run(service_fn(|event: LambdaEvent<serde_json::Value>| {
        let eraser = Arc::clone(&eraser);
        async move {
            let (payload, request_id) = (event.payload, event.context.request_id);
            let (now, ends_at) = (lambda::clock::now(), deadline(event.context.deadline));
            let answer = eraser.handle(payload, &request_id, now, ends_at);
            Box::pin(answer).await.map_err(Error::from)
        }
    }))
    .await
}
