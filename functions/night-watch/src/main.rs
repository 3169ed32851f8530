//! The Lambda function night-watch: at 02:30 it reports runs of this night that have not begun, and workspaces that no
//! run syncs any more, and warns those that paused the sync for long; every quarter of an hour it redelivers waiting
//! mails, and every morning it warns of certificates that end. Every Monday it asks for the summaries of the week.

mod ending_certificates;
mod mail_once;
mod of_each;
mod paused_workspaces;
mod runs_not_begun;
mod stopped_workspaces;
mod waiting_mails;
mod watch;
mod weekly_summaries;

#[cfg(test)]
mod tests;

use std::time::Duration;

use lambda::log_lines;
use lambda::sdk;
use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use storage::Store;
use storage::queues::Queues;
use storage::tables::Tables;

use crate::watch::{Round, Watch};

/// The function ends after two minutes, of which finding the mails takes some seconds.
const TIME_FOR_MAILS: Duration = Duration::from_secs(75);

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    log_lines::begin();
    let sdk = sdk::from_env()?;
    let watch = Watch {
        store: Store::new(&sdk, Tables::from_env()?),
        queues: Queues::from_env(&sdk)?,
        clock: lambda::clock::now,
        time_for_mails: TIME_FOR_MAILS,
    };
    let watch = &watch;
    run(service_fn(|event: LambdaEvent<Round>| async move {
        watch.handle(event.payload).await.map_err(Error::from)
    }))
    .await
}
