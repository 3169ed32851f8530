//! The Lambda function provision: creates or updates a workspace and its first システム管理者, mails a
//! システム管理者 a new link, or voids open credentials. The operator invokes it by hand; it has no HTTP route.

mod administrator;
mod check;
mod error;
mod event;
mod handler;
mod new_link;
mod void;
mod workspace;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use credentials::{DerivationKeys, Random};
use lambda::log_lines;
use lambda::sdk;
use lambda_runtime::{Error, LambdaEvent, service_fn};
use storage::Store;
use storage::queues::Queues;
use storage::secrets::Secrets;
use storage::tables::Tables;

use crate::handler::Provisioner;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    log_lines::begin();
    let sdk = sdk::from_env()?;
    let key = Secrets::from_env(&sdk)?.derivation_key().await?;
    let provisioner = Arc::new(Provisioner {
        store: Store::new(&sdk, Tables::from_env()?),
        key: DerivationKeys::from_secret(&key)?.into_current(),
        random: Random::os(),
    });
    let queues = Arc::new(Queues::from_env(&sdk)?);
    lambda_runtime::run(service_fn(|event: LambdaEvent<serde_json::Value>| {
        let (provisioner, queues) = (provisioner.clone(), queues.clone());
        async move {
            let answer = handler::handle(&provisioner, &queues, event.payload).await;
            answer.map_err(Error::from)
        }
    }))
    .await
}
